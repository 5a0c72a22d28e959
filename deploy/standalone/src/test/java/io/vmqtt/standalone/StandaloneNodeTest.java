package io.vmqtt.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.router.config.RouterConfig;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All roles in one process, without the process around them. */
class StandaloneNodeTest {
  @TempDir Path data;

  @Test
  void close_whenAClientHearsOfIt_isNoLongerReady() throws Exception {
    try (StandaloneNode node =
            new StandaloneNode(
                GatewayConfig.onPort(0).withinFileLimit(10_000, 0),
                RouterConfig.DEFAULT,
                StoreConfig.defaults(data),
                1,
                new SimpleMeterRegistry());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      await().until(node::isReady);
      try (RawConnection client =
          RawConnection.openAnd(Address.local(node.port()), Packets.connect("client"))) {
        Future<?> closed = threads.submit(() -> closed(node));

        assertEquals(PacketType.DISCONNECT, client.read().type());
        assertFalse(node.isReady());
        closed.get();
      }
    }
  }

  private static boolean closed(StandaloneNode node) throws IOException {
    node.close();
    return true;
  }
}
