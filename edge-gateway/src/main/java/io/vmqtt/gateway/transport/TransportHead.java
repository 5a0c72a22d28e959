package io.vmqtt.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.vmqtt.gateway.connection.Caller;

/**
 * What lies between the network and MQTT on the channels of a listener: the head of their
 * pipelines.
 */
public interface TransportHead {
  /** MQTT on TCP, as it is. */
  TransportHead TCP =
      new TransportHead() {
        @Override
        public void install(ChannelPipeline pipeline) {}

        @Override
        public Caller caller(Channel channel) {
          return new Caller(channel.remoteAddress(), null);
        }
      };

  /** Adds what turns bytes of the network into bytes of MQTT and back, behind what is there. */
  void install(ChannelPipeline pipeline);

  /** What is known of a client by the time that its CONNECT is here. */
  Caller caller(Channel channel);
}
