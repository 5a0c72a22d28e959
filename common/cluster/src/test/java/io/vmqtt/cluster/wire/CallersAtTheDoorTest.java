package io.vmqtt.cluster.wire;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vmqtt.cluster.identity.Doorstep;
import io.vmqtt.cluster.identity.Refusals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class CallersAtTheDoorTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Doorstep doorstep =
      new Doorstep("link", "the caller", "a certificate", new Refusals(), meters);

  private double underWay() {
    return meters.get("vmqtt.cluster.handshakes.under.way").gauge().value();
  }

  @Test
  void call_thatNoLoopCanTake_isNotCountedForEver() throws Exception {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    EmbeddedChannel acceptor = new EmbeddedChannel(new CallersAtTheDoor(doorstep, "nothing"));
    try (ServerSocketChannel server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel caller = SocketChannel.open(server.getLocalAddress())) {
      NioSocketChannel accepted =
          new NioSocketChannel(caller) {
            @Override
            protected void doRegister(ChannelPromise promise) {
              promise.setFailure(new IOException("no room"));
            }
          };
      acceptor.writeInbound(accepted);
      assertEquals(1, underWay());

      loops.register(accepted).await();

      await().until(() -> underWay() == 0);
    } finally {
      acceptor.finishAndReleaseAll();
      loops.shutdownGracefully().await();
    }
  }
}
