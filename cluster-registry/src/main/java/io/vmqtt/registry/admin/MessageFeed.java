package io.vmqtt.registry.admin;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.Heard;
import io.vmqtt.cluster.operation.MessageInfo;
import io.vmqtt.cluster.operation.MessageQuery;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The messages that one operator has subscribed to, by any gateway; where that goes, by another,
 * and what may be missing between them is said. Read by one thread at a time, which may wait, and
 * as fast as the operator takes them: what comes faster waits at the gateway, and is left out there
 * beyond a bound. Closed by any thread.
 */
final class MessageFeed implements AutoCloseable {
  /** Until a gateway begins: it waits for all others itself. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final int CONFLICT = 409;
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build()
          .readerFor(Heard.class);

  private final KnownNodes known;
  private final Nodes nodes;
  private final MessageQuery query;
  private final Pauses pauses;
  private final ArrayDeque<Told> told = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch read = new CountDownLatch(1);

  /** Of the gateway that is read from, which is null while there is none. */
  private @Nullable Source source;

  private int triesInVain;

  /**
   * How long it goes on without a gateway.
   *
   * @param betweenTries to subscribe anew
   * @param most tries, then it ends
   */
  record Pauses(Duration betweenTries, int most) {
    static final Pauses STANDARD = new Pauses(Duration.ofSeconds(1), 60);
  }

  /** What an operator is told. */
  sealed interface Told {}

  /**
   * The subscriptions are in force on every node.
   *
   * @param gateway by which they are
   */
  record Subscribed(String gateway) implements Told {}

  /** A message has come. */
  record Message(MessageInfo message) implements Told {}

  /**
   * Messages are left out here: they came faster than they were read.
   *
   * @param count how many
   */
  record LeftOut(long count) implements Told {}

  /**
   * Messages may be missing until the next {@link Subscribed}.
   *
   * @param gateway which told them until here
   */
  record Gap(String gateway, String why) implements Told {}

  /** Nothing has come for a while. */
  record Alive() implements Told {}

  private record Source(String gateway, InputStream content, BufferedReader lines) {}

  private MessageFeed(KnownNodes known, Nodes nodes, MessageQuery query, Pauses pauses) {
    this.known = known;
    this.nodes = nodes;
    this.query = query;
    this.pauses = pauses;
  }

  /**
   * One whose subscriptions are in force.
   *
   * @throws Problem if no gateway does that
   */
  static MessageFeed begin(KnownNodes known, Nodes nodes, MessageQuery query, Pauses pauses)
      throws InterruptedException {
    MessageFeed feed = new MessageFeed(known, nodes, query, pauses);
    feed.subscribe();
    return feed;
  }

  private void subscribe() throws InterruptedException {
    @Nullable Problem last = null;
    boolean allAreFull = true;
    for (Node gateway : inAnyOrder()) {
      try {
        begin(gateway);
        return;
      } catch (Problem e) {
        allAreFull &= e.status() == CONFLICT;
        last = last == null || e.status() != CONFLICT ? e : last;
      }
    }
    throw last == null || allAreFull
        ? Problem.tooMany("every gateway has as many operators who hear messages as it may have")
        : last;
  }

  private List<Node> inAnyOrder() {
    List<Node> all = known.of(Role.EDGE_GATEWAY);
    List<Node> ready =
        new ArrayList<>(
            all.stream().filter(node -> "true".equals(node.meta().get(Node.READY))).toList());
    if (ready.isEmpty()) {
      ready.addAll(all);
    }
    Collections.shuffle(ready);
    return ready;
  }

  private void begin(Node gateway) throws InterruptedException {
    InputStream content = nodes.open(gateway, GatewayOperations.MESSAGES, query, PATIENCE);
    synchronized (this) {
      source =
          new Source(
              gateway.id(),
              content,
              new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8)));
    }
    if (isClosed()) {
      closeSource();
    }
    triesInVain = 0;
    told.add(new Subscribed(gateway.id()));
  }

  /**
   * What is next; it waits for that.
   *
   * @return null: nothing any more
   * @throws InterruptedException if the calling thread is asked to stop
   */
  @Nullable Told next() throws InterruptedException {
    read.countDown();
    while (!isClosed() && told.isEmpty()) {
      Source from = source();
      if (from != null) {
        read(from);
      } else if (triesInVain == pauses.most()) {
        return null;
      } else {
        tryAgain();
      }
    }
    return isClosed() ? null : told.poll();
  }

  /** Whether somebody begins to read it within that time. */
  boolean isReadWithin(Duration time) throws InterruptedException {
    return read.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void read(Source from) {
    String why = "it has ended that";
    try {
      String line = from.lines().readLine();
      if (line != null) {
        hear(JSON.readValue(line));
        return;
      }
    } catch (IOException e) {
      why = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    closeSource();
    told.add(new Gap(from.gateway(), why));
  }

  private void hear(Heard heard) {
    if (heard.leftOut() > 0) {
      told.add(new LeftOut(heard.leftOut()));
    }
    MessageInfo message = heard.message();
    told.add(message == null ? new Alive() : new Message(message));
  }

  private void tryAgain() throws InterruptedException {
    try {
      subscribe();
    } catch (Problem _) { // a gateway may come back, or another
      triesInVain++;
      told.add(new Alive());
      var _ = closed.await(pauses.betweenTries().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized @Nullable Source source() {
    return source;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void closeSource() {
    @Nullable Source gone;
    synchronized (this) {
      gone = source;
      source = null;
    }
    if (gone != null) {
      try {
        gone.content().close(); // not the reader: somebody may be reading
      } catch (IOException e) {
        // Nobody reads it any more.
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    closeSource();
  }
}
