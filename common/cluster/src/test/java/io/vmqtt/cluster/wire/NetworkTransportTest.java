package io.vmqtt.cluster.wire;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;

class NetworkTransportTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @RepeatedTest(5)
  void close_beforeItsServer_thatStopsAllTheSame() throws IOException {
    NetworkTransport transport = new NetworkTransport(null, new SimpleMeterRegistry());
    EventLoop loop = transport.loop();
    Server server = transport.serve(NettyServerBuilder.forPort(0)).build().start();

    transport.close();
    await().until(loop::isTerminated);

    assertTimeoutPreemptively(LONG, server::shutdown);
    assertTrue(server.isShutdown());
  }
}
