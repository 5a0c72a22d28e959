package io.vmqtt.cluster.consul;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.kv.model.GetValue;
import com.google.common.net.HostAndPort;
import io.vmqtt.testkit.consul.ConsulProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConsulTest {
  private static final Duration RECOVERY = Duration.ofSeconds(20);

  private final Logger logger = (Logger) LoggerFactory.getLogger(Consul.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final ConsulProcess process = ConsulProcess.start();
  private final Consul consul = new Consul(HostAndPort.fromString(process.address()));

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void close() {
    consul.close();
    process.close();
    logger.detachAppender(logged);
  }

  @Test
  void ask_refused_saysSoAndConsulCountsAsReachable() {
    ConsulRefusalException refusal =
        assertThrows(
            ConsulRefusalException.class,
            () ->
                consul.ask(
                    client ->
                        client.renewSession(
                            "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", QueryParams.DEFAULT)));

    assertEquals(404, refusal.statusCode());
    assertTrue(consul.isReachable());
    assertEquals(List.of(), messages());
  }

  @Test
  void awayAndBack_manyWatchesAndQuestions_saidOnceEach() throws Exception {
    List<AtomicReference<String>> seen = new ArrayList<>();
    for (String key : List.of("a", "b", "c", "d")) {
      seen.add(watch(key));
    }
    consul.ask(client -> client.setKVValue("a", "1"));
    await().until(() -> "1".equals(seen.getFirst().get()));

    process.kill();
    for (int i = 0; i < 10; i++) {
      assertThrows(IOException.class, () -> consul.ask(client -> client.getKVValue("a")));
    }
    assertFalse(consul.isReachable());
    process.startAgain();
    for (String key : List.of("a", "b", "c", "d")) {
      process.put("/v1/kv/" + key, "2");
    }

    await().atMost(RECOVERY).until(() -> seen.stream().allMatch(value -> "2".equals(value.get())));
    assertTrue(consul.isReachable());
    String unreachable = "Consul at " + process.address() + " is unreachable, trying again: ";
    List<String> said = messages();
    assertEquals(2, said.size(), said.toString());
    assertTrue(
        said.getFirst().startsWith(unreachable) && said.getFirst().length() > unreachable.length(),
        said.getFirst());
    assertEquals("Consul at " + process.address() + " is reachable again", said.getLast());
  }

  @Test
  void close_whileAWatchWaits_saysNothing() throws Exception {
    AtomicReference<String> seen = watch("a");
    Watch closed = consul.watch("closed", (client, p) -> client.getKVValue("a", p), value -> {});
    consul.ask(client -> client.setKVValue("a", "1"));
    await().until(() -> "1".equals(seen.get()));

    closed.close();
    consul.close();

    assertThrows(IOException.class, () -> consul.ask(client -> client.getKVValue("a")));
    assertEquals(List.of(), messages());
  }

  /** A network that swallows everything must not hold anybody for long. */
  @Test
  void ask_neverAnswered_failsInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Consul swallowed = new Consul(HostAndPort.fromParts("127.0.0.1", silent.getLocalPort()))) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () ->
              assertThrows(
                  IOException.class, () -> swallowed.ask(client -> client.getKVValue("a"))));
      assertFalse(swallowed.isReachable());
    }
  }

  private AtomicReference<String> watch(String key) {
    AtomicReference<String> seen = new AtomicReference<>("");
    consul.watch(
        "watch-" + key,
        (client, params) -> client.getKVValue(key, params),
        (GetValue value) -> seen.set(value == null ? "" : value.getDecodedValue()));
    return seen;
  }

  private List<String> messages() {
    return List.copyOf(logged.list).stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
