package io.vmqtt.gateway.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.proxy.ProxyHead;
import io.vmqtt.gateway.transport.TransportHead;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoorTest {
  private final List<String> asked = new ArrayList<>();
  private boolean opens;
  private boolean entered;

  private EmbeddedChannel arrive(TransportHead below, String from) {
    EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(from, 4711);
          }
        };
    Door door =
        new Door(
            below,
            address -> {
              asked.add(((InetSocketAddress) address).getAddress().getHostAddress());
              return opens;
            });
    door.install(channel.pipeline(), new ClientMemory(1 << 20, 1).ofLoop(0), () -> entered = true);
    return channel;
  }

  @Test
  void install_whoMayEnter_goesOn() {
    opens = true;

    EmbeddedChannel channel = arrive(TransportHead.TCP, "192.0.2.1");

    assertTrue(entered);
    assertTrue(channel.isOpen());
    assertEquals(List.of("192.0.2.1"), asked);
    channel.finishAndReleaseAll();
  }

  @Test
  void install_whoMayNot_isClosedAndNothingElseIsDone() {
    EmbeddedChannel channel = arrive(TransportHead.TCP, "192.0.2.1");

    assertFalse(entered);
    assertFalse(channel.isOpen());
  }

  @Test
  void install_behindAProxy_theClientIsMeantAndNotTheProxy() {
    ProxyHead proxies =
        new ProxyHead(
            "plant", List.of("10.0.0.0/8"), Duration.ofSeconds(10), new SimpleMeterRegistry());

    EmbeddedChannel channel = arrive(proxies, "10.1.2.3");
    assertEquals(List.of(), asked, "nobody knows yet who comes");
    channel.writeInbound(
        Unpooled.copiedBuffer(
            "PROXY TCP4 192.0.2.9 10.0.0.1 60000 1883\r\nmore", StandardCharsets.US_ASCII));

    assertEquals(List.of("192.0.2.9"), asked);
    assertFalse(entered);
    assertFalse(channel.isOpen());
    channel.finishAndReleaseAll();
  }
}
