package io.vmqtt.registry.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.Download;
import io.vmqtt.cluster.operation.Heard;
import io.vmqtt.cluster.operation.MessageInfo;
import io.vmqtt.cluster.operation.MessageQuery;
import io.vmqtt.cluster.operation.Operation;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** What an operator hears by gateways that come and go, which the test plays. */
class MessageFeedTest {
  private static final MessageQuery QUERY = new MessageQuery("", List.of("#"), 0, false, true);
  private static final MessageFeed.Pauses SHORT = new MessageFeed.Pauses(Duration.ofMillis(1), 3);

  private final EmbeddedDiscovery discovery = new EmbeddedDiscovery();
  private final EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
  private final KnownNodes known = new KnownNodes(discovery, facts);
  private final FakeGateways gateways = new FakeGateways();

  @BeforeEach
  void registerGateways() {
    for (String id : List.of("one", "two")) {
      var _ =
          discovery.register(
              new Node(id, Role.EDGE_GATEWAY, "localhost", 1, 0, "t", Map.of(Node.READY, "true")));
    }
    await().until(() -> known.ifAny(Role.EDGE_GATEWAY).size() == 2);
  }

  @AfterEach
  void close() {
    known.close();
    discovery.close();
    facts.close();
  }

  /** Gateways that tell what the test says. */
  private static final class FakeGateways implements Nodes {
    private final Map<String, Problem> refusals = new HashMap<>();
    private final Map<String, PipedOutputStream> streams = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    @Override
    public <Q, A> Map<Node, Said<A>> ask(
        Collection<Node> nodes, Operation<Q, A> operation, Q question) {
      throw new IllegalStateException("it is a stream");
    }

    @Override
    public synchronized <Q> InputStream open(
        Node node, Download<Q> download, Q question, Duration patience) {
      asked.add(node.id());
      Problem refusal = refusals.get(node.id());
      if (refusal != null) {
        throw refusal;
      }
      try {
        PipedOutputStream out = new PipedOutputStream();
        streams.put(node.id(), out);
        return new FilterInputStream(new PipedInputStream(out, 1 << 16)) {
          @Override
          public void close() throws IOException {
            out.close(); // so that whoever reads has an end
          }
        };
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private synchronized void say(String gateway, Heard heard) throws IOException {
      PipedOutputStream to = streams.get(gateway);
      if (to == null) {
        throw new IllegalStateException(gateway + " is not read");
      }
      to.write(Answers.write(heard));
      to.write('\n');
      to.flush();
    }

    private synchronized void end(String gateway) throws IOException {
      PipedOutputStream to = streams.remove(gateway);
      if (to != null) {
        to.close();
      }
    }
  }

  private static Heard message(String topic, long leftOut) {
    return new Heard(
        leftOut, new MessageInfo(topic, 0, false, "eA==", 1, null, null, null, List.of()));
  }

  private MessageFeed begun() throws InterruptedException {
    return MessageFeed.begin(known, gateways, QUERY, SHORT);
  }

  private static String gatewayOf(MessageFeed feed) throws InterruptedException {
    return assertInstanceOf(MessageFeed.Subscribed.class, feed.next()).gateway();
  }

  private static String topicOf(MessageFeed feed) throws InterruptedException {
    return assertInstanceOf(MessageFeed.Message.class, feed.next()).message().topic();
  }

  @Test
  void next_messages_andWhatWasLeftOutBeforeThem() throws Exception {
    try (MessageFeed feed = begun()) {
      String gateway = gatewayOf(feed);
      gateways.say(gateway, Heard.NOTHING);
      gateways.say(gateway, message("a", 0));
      gateways.say(gateway, message("b", 12));
      assertInstanceOf(MessageFeed.Alive.class, feed.next());
      assertEquals("a", topicOf(feed));
      assertEquals(new MessageFeed.LeftOut(12), feed.next());
      assertEquals("b", topicOf(feed));
    }
  }

  @Test
  void gatewayGoes_saysSo_andGoesOnByAnother() throws Exception {
    try (MessageFeed feed = begun()) {
      String first = gatewayOf(feed);
      gateways.say(first, message("a", 0));
      gateways.refusals.put(first, Problem.unavailable("it is gone"));
      gateways.end(first);
      assertEquals("a", topicOf(feed));
      assertEquals(first, assertInstanceOf(MessageFeed.Gap.class, feed.next()).gateway());
      String second = gatewayOf(feed);
      assertTrue(!second.equals(first), second);
      gateways.say(second, message("b", 0));
      assertEquals("b", topicOf(feed));
    }
  }

  @Test
  void allGatewaysGo_endsAfterSomeTries() throws Exception {
    try (MessageFeed feed = begun()) {
      String first = gatewayOf(feed);
      gateways.refusals.put("one", Problem.unavailable("it is gone"));
      gateways.refusals.put("two", Problem.unavailable("it is gone"));
      gateways.end(first);
      assertInstanceOf(MessageFeed.Gap.class, feed.next());
      for (int i = 0; i < SHORT.most(); i++) {
        assertInstanceOf(MessageFeed.Alive.class, feed.next());
      }
      assertNull(feed.next());
    }
  }

  @Test
  void begin_allGatewaysAreFull_isTooMany_elseWhatIsWrong() {
    gateways.refusals.put("one", Problem.conflict("full"));
    gateways.refusals.put("two", Problem.conflict("full"));
    assertEquals(429, assertThrows(Problem.class, this::begun).status());
    gateways.refusals.put("two", Problem.unavailable("it does not answer"));
    assertEquals(503, assertThrows(Problem.class, this::begun).status());
  }

  @Test
  void close_whileSomebodyReads_endsThat() throws Exception {
    MessageFeed feed = begun();
    var _ = gatewayOf(feed);
    AtomicReference<Object> last = new AtomicReference<>("nothing yet");
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    MessageFeed.Told told = feed.next();
                    last.set(told == null ? "over" : told);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    feed.close();
    assertTrue(reader.join(Duration.ofSeconds(30)), "it reads on");
    assertEquals("over", last.get());
  }

  @Test
  void listen_beyondTheBound_isTooMany_untilOneGoes() throws Exception {
    try (LiveMessages messages = new LiveMessages(known, gateways, new SimpleMeterRegistry())) {
      List<Disposable> listeners = new ArrayList<>();
      for (int i = 0; i < LiveMessages.MOST_LISTENERS; i++) {
        CountDownLatch begun = new CountDownLatch(1);
        listeners.add(
            messages
                .listen(QUERY, () -> true)
                .flatMapMany(told -> told)
                .subscribe(_ -> begun.countDown()));
        assertTrue(begun.await(30, TimeUnit.SECONDS));
      }
      assertEquals(
          429,
          assertThrows(Problem.class, () -> messages.listen(QUERY, () -> true).block()).status());
      listeners.getFirst().dispose();
      assertNotNull(messages.listen(QUERY, () -> true).block());
    }
  }
}
