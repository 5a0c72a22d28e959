package io.vmqtt.gateway.sessions;

import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.Mark;
import io.vmqtt.proto.session.v1.ReadRetained;
import io.vmqtt.proto.session.v1.RetainedPage;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The retained messages that one shard has for new subscriptions of a session. They are read page
 * by page, each when the client has room; of one that does not fit after all only little is kept,
 * and the rest is read again. Where a live message of the topic has come since a page was asked
 * for, what the page says of it is of before, and left out. Confined to the lane's thread.
 */
final class RetainedReading {
  static final int PAGE_BYTES = 64 << 10;
  static final int PAGE_MESSAGES = 500;

  /** What may wait here for the client. */
  static final int HELD_BYTES = 16 << 10;

  private final LaneSession session;
  private final int shard;

  /** With wildcards; null: see {@link #topics}. */
  private final @Nullable Subscription wildcard;

  /** What is left of subscriptions without wildcards, in the order of reading. */
  private final Map<String, Subscription> topics = new LinkedHashMap<>();

  private final Deque<Message> page = new ArrayDeque<>();
  private String pageEnd = "";
  private String after = "";
  private int maxMessages = PAGE_MESSAGES;
  private boolean complete;
  private boolean busy;
  private boolean asked;

  /** What is on the page; the lane's memory counts it too. */
  private int pageBytes;

  /** Of what the session has heard, from before the page was asked for. */
  private long mark;

  /** The same, of the session's queue. */
  private @Nullable Mark queueMark;

  private RetainedReading(LaneSession session, int shard, @Nullable Subscription wildcard) {
    this.session = session;
    this.shard = shard;
    this.wildcard = wildcard;
  }

  /** All that match a subscription with wildcards. */
  static RetainedReading ofFilter(LaneSession session, int shard, Subscription subscription) {
    return new RetainedReading(session, shard, subscription);
  }

  /** Those of some topics. */
  static RetainedReading ofTopics(LaneSession session, int shard, List<Subscription> wanted) {
    RetainedReading reading = new RetainedReading(session, shard, null);
    wanted.forEach(one -> reading.topics.put(one.filter().filter(), one));
    return reading;
  }

  /** Whether everything has been read and taken, or nobody wants it any more. */
  boolean isOver() {
    return session.ended || (complete && !busy);
  }

  /** The subscription is gone, or new: what it had coming is not for it any more. */
  void drop(TopicFilter filter) {
    boolean all = wildcard != null && wildcard.filter().equals(filter);
    if (all || (topics.remove(filter.filter()) != null && topics.isEmpty())) {
      end();
    }
  }

  /** Nobody wants it any more. */
  void end() {
    complete = true;
    clearPage();
  }

  /** Whether what the session hears now may be newer than a page that it has, or will get. */
  boolean hasPage() {
    return asked || !page.isEmpty();
  }

  /** Goes on as far as the client has room; to be called again when it has more. */
  void proceed() {
    if (!busy && takePage() && !complete && session.hasRoomForRetained()) {
      busy = true;
      if (queueMark == null) {
        session.askForMark(
            now -> {
              queueMark = now;
              session.siblings.retainedReads.add(this::read);
            });
      } else {
        session.siblings.retainedReads.add(this::read);
      }
    }
  }

  private void read() {
    if (session.ended || complete) {
      session.siblings.retainedReads.done();
      busy = false;
      return;
    }
    asked = true;
    mark = session.recentTopics().mark();
    ReadRetained.Builder wanted =
        ReadRetained.newBuilder().setMaxBytes(PAGE_BYTES).setMaxMessages(maxMessages);
    if (wildcard == null) {
      wanted.addAllTopics(topics.keySet());
    } else {
      wanted.setFilter(wildcard.filter().filter()).setAfterTopic(after);
    }
    session.path.askAnew(shard, ShardRequest.newBuilder().setReadRetained(wanted), this::answered);
  }

  private void answered(ShardReply reply) {
    asked = false;
    session.siblings.retainedReads.done();
    if (session.ended || complete) {
      goOn();
    } else if (reply.hasRetainedPage()) {
      take(reply.getRetainedPage());
    } else if (reply.getFailure().getReason() == Failure.Reason.REASON_INVALID) {
      session.owner.lost(LaneSession.reasonOf(reply.getFailure()));
    } else {
      session.siblings.atNextLook(this::readAgain); // too many wait, or a leader has gone
    }
  }

  /**
   * A page is there. What goes into a queue at a shard, and what does not, go different ways: the
   * page ends where the way changes.
   */
  private void take(RetainedPage read) {
    pageEnd = read.getThrough();
    DurableSession queue = session.queue();
    boolean queued = false;
    for (io.vmqtt.proto.message.v1.Message wire : read.getMessagesList()) {
      Message message = Messages.fromWire(wire);
      if (wildcard == null && !topics.containsKey(message.topic())) {
        continue; // dropped meanwhile
      }
      boolean toQueue = queue != null && qosOf(message) != Qos.AT_MOST_ONCE;
      if (page.isEmpty()) {
        queued = toQueue;
      } else if (toQueue != queued) {
        pageEnd = page.getLast().topic();
        break;
      }
      page.addLast(message);
      count(bytesOf(message));
    }
    if (queue != null && queued) {
      enqueuePage(queue);
    } else if (page.isEmpty()) {
      turnPage();
      goOn();
    } else {
      session.askForMark(now -> goOn()); // behind what its shard has pushed by now
    }
  }

  private void enqueuePage(DurableSession queue) {
    int identifier = terms(page.getFirst()).identifier();
    List<Message> lowered = page.stream().map(one -> one.withQos(qosOf(one))).toList();
    Mark before = queueMark == null ? Mark.getDefaultInstance() : queueMark;
    queue.enqueueRetained(lowered, identifier, before, this::queued);
  }

  private void queued(DurableSession.Queued outcome, Mark now) {
    queueMark = now;
    switch (outcome) {
      case TAKEN -> {
        maxMessages = PAGE_MESSAGES;
        turnPage();
        goOn();
      }
      case STALE -> readAgain();
      case FULL -> {
        maxMessages = Math.max(1, page.size() / 2);
        session.siblings.atNextLook(this::readAgain);
      }
    }
  }

  private void readAgain() {
    clearPage();
    goOn();
  }

  private void goOn() {
    busy = false;
    session.retainedDeliveries().proceed();
    if (pageBytes > (session.lane.memory().isTight() ? 0 : HELD_BYTES)) {
      clearPage(); // it comes again, when there is room
    }
  }

  private void removeFirst() {
    count(-bytesOf(page.removeFirst()));
  }

  private void clearPage() {
    page.clear();
    count(-pageBytes);
  }

  private void count(int more) {
    pageBytes += more;
    session.lane.memory().add(more);
  }

  private static int bytesOf(Message message) {
    return message.payload().remaining() + message.topic().length() + message.properties().bytes();
  }

  /**
   * Gives the client what there is for it.
   *
   * @return false if it has no room for the next one
   */
  private boolean takePage() {
    if (page.isEmpty()) {
      return true;
    }
    if (!session.recentTopics().remembers(mark)) {
      clearPage();
      return true;
    }
    while (!page.isEmpty()) {
      Message next = page.getFirst();
      if (wildcard == null && !topics.containsKey(next.topic())) {
        removeFirst();
        continue; // dropped meanwhile
      }
      boolean overtaken = session.recentTopics().hasHadSince(mark, next.topic());
      if (!overtaken && !session.deliverRetained(next, terms(next))) {
        return false;
      }
      passed(next.topic());
      removeFirst();
    }
    turnPage();
    return true;
  }

  private void turnPage() {
    clearPage();
    if (pageEnd.isEmpty()) {
      complete = true;
    } else {
      passed(pageEnd);
    }
  }

  /** Nothing of this topic, or of those before it, is to be read any more. */
  private void passed(String topic) {
    after = topic;
    if (topics.containsKey(topic)) {
      for (Iterator<String> all = topics.keySet().iterator(); all.hasNext(); ) {
        boolean last = all.next().equals(topic);
        all.remove();
        if (last) {
          break;
        }
      }
      complete = topics.isEmpty();
    }
  }

  private Subscription terms(Message message) {
    Subscription one = wildcard == null ? topics.get(message.topic()) : wildcard;
    if (one == null) {
      throw new IllegalStateException("nobody asked for the retained message of that topic");
    }
    return one;
  }

  private Qos qosOf(Message message) {
    return terms(message).qosOf(message);
  }
}
