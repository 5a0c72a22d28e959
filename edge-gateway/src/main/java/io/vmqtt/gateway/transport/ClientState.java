package io.vmqtt.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.vmqtt.gateway.codec.PacketGate;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.gateway.link.GatewayMetrics;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.gateway.trace.Trace;
import io.vmqtt.gateway.trace.TraceHandler;
import io.vmqtt.model.Namespace;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What exists of a client from the moment its channel is active. Confined to the event loop. */
final class ClientState {
  final Connection connection;
  final ClientWriter writer;
  final ReadingSwitch reading;
  final Channel channel;
  final @Nullable PacketGate gate;

  /** Null where its transport has one stream only. */
  final @Nullable DataStreams streams;

  long earlyBytes;
  final KeptConnect keptConnect;
  final ClientClock clock;
  final @Nullable SocketAddress peer;

  /** As CONNECT names it. */
  ProtocolLevel level = ProtocolLevel.MQTT_5;

  boolean arrivalTold;
  boolean endTold;
  boolean inactive;

  ClientState(
      GatewayMetrics metrics,
      Connection connection,
      ClientWriter writer,
      ReadingSwitch reading,
      Channel channel,
      @Nullable PacketGate gate,
      @Nullable DataStreams streams,
      @Nullable SocketAddress peer,
      long nowNanos) {
    this.streams = streams;
    this.peer = peer;
    this.connection = connection;
    this.keptConnect = new KeptConnect(connection, metrics);
    this.writer = writer;
    this.reading = reading;
    this.channel = channel;
    this.gate = gate;
    this.clock = new ClientClock(nowNanos);
  }

  /**
   * Has what passes written down, if a trace is about the client.
   *
   * @param namespace of its listener
   * @param address where it comes from; null: the transport cannot tell
   * @param handler of its packets
   * @param connect its CONNECT, if that has just come
   */
  void trace(
      Trace trace,
      Lane lane,
      Namespace namespace,
      @Nullable SocketAddress address,
      ChannelHandler handler,
      @Nullable MqttConnectMessage connect) {
    String claimedId = connect == null ? "" : connect.payload().clientIdentifier();
    TraceHandler.add(
        channel.pipeline(),
        channel.pipeline().context(handler),
        trace,
        new TraceHandler.Client(
            lane.traces().node(), connection, namespace, claimedId, address, lane::routerIdOf),
        connect);
  }
}
