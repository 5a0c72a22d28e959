package io.vmqtt.registry.alarms;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.alarms.Alarm;
import io.vmqtt.cluster.alarms.AlarmEvent;
import io.vmqtt.cluster.alarms.AlarmKind;
import io.vmqtt.cluster.alarms.Severity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody is told of alarms, over real HTTP. */
class WebhookTest {
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger stalls = new AtomicInteger();
  private final CountDownLatch open = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private volatile boolean holds;

  @TempDir Path folder;

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/alarms",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          if (holds) {
            awaitOpen();
          }
          if (stalls.getAndDecrement() > 0) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            awaitOpen();
          }
          boolean refuses = refusals.getAndDecrement() > 0;
          if (!refuses) {
            bodies.add(body);
            authorizations.add(
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          }
          exchange.sendResponseHeaders(refuses ? 500 : 204, -1);
          exchange.close();
        });
    server.start();
  }

  private void awaitOpen() {
    try {
      open.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    open.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private Webhook webhook(@Nullable Path token) {
    return new Webhook(terms(token), Duration.ofMillis(1), meters);
  }

  private WebhookTerms terms(@Nullable Path token) {
    return new WebhookTerms(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/alarms"), token);
  }

  private static AlarmEvent event(String about, boolean isRaised) {
    return new AlarmEvent(
        new Alarm(
            AlarmKind.SHARD_WITHOUT_LEADER,
            "",
            about,
            Severity.CRITICAL,
            "nobody leads it",
            SINCE,
            isRaised ? null : SINCE.plusSeconds(9)),
        isRaised);
  }

  private double count(String name) {
    return meters.get("vmqtt.alarms.webhook." + name).functionCounter().count();
  }

  @Test
  void accept_eventsAreToldInTheirOrder_withTheTokenOfTheMoment() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "first\nrest\n");
    try (Webhook webhook = webhook(token)) {
      webhook.accept(event("shard 3", true));
      await().until(() -> bodies.size() == 1);
      Files.writeString(token, "second\n");
      webhook.accept(event("shard 3", false));
      await().until(() -> count("sent") == 2);
    }
    assertEquals(
        "{\"event\":\"raised\",\"alarm\":{\"id\":\"shard-without-leader//shard 3\","
            + "\"kind\":\"shard-without-leader\",\"severity\":\"critical\",\"node\":null,"
            + "\"about\":\"shard 3\",\"text\":\"nobody leads it\","
            + "\"since\":\"2026-01-01T00:00:00Z\",\"cleared\":null}}",
        bodies.getFirst());
    assertTrue(bodies.getLast().contains("\"event\":\"cleared\""), bodies::toString);
    assertTrue(bodies.getLast().contains("\"cleared\":\"2026-01-01T00:00:09Z\""));
    assertEquals(List.of("Bearer first", "Bearer second"), authorizations);
  }

  @Test
  void accept_refusedForAWhile_triedAgain() {
    refusals.set(4);
    try (Webhook webhook = webhook(null)) {
      webhook.accept(event("a", true));
      await().until(() -> count("sent") == 1);
    }
    assertEquals(1, bodies.size());
    assertEquals(0, count("failed"));
    assertEquals(List.of("null"), authorizations);
  }

  @Test
  void accept_refusedAtAllTries_givenUpAndCounted_theNextOneIsTold() {
    refusals.set(5);
    try (Webhook webhook = webhook(null)) {
      webhook.accept(event("a", true));
      webhook.accept(event("b", true));
      await().until(() -> count("sent") == 1);
    }
    assertEquals(1, count("failed"));
    assertTrue(bodies.getFirst().contains("\"about\":\"b\""), bodies::toString);
  }

  @Test
  void accept_answersThatNeverEnd_givenUpAndCounted_theNextOneIsTold() {
    stalls.set(5);
    try (Webhook webhook =
        new Webhook(terms(null), Duration.ofMillis(1), Duration.ofMillis(500), meters)) {
      webhook.accept(event("a", true));
      webhook.accept(event("b", true));
      await().until(() -> count("sent") == 1);
    }
    assertEquals(1, count("failed"));
    assertTrue(bodies.getFirst().contains("\"about\":\"b\""), bodies::toString);
  }

  @Test
  void accept_moreThanMayWait_droppedAndCounted_andNobodyIsBlocked() {
    holds = true;
    try (Webhook webhook = webhook(null)) {
      for (int i = 0; i < 1_100; i++) {
        webhook.accept(event("shard " + i, true));
      }
      double dropped = count("dropped");
      assertTrue(dropped >= 99 && dropped <= 100, "one may be on its way: " + dropped);
    }
  }
}
