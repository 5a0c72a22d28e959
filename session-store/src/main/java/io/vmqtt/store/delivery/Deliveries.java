package io.vmqtt.store.delivery;

import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Decision;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pushes the queues of a shard to where their sessions are attached. Only the leader of a shard has
 * one; nothing in it outlives the leadership, for all of it can be told again: an attachment says
 * what it has received, and the queue is committed.
 *
 * <p>A window has at most receive-maximum entries under way, and about 1 MiB, in the order of the
 * queue. One whose delivery has not begun on any connection goes only if it has not expired; one
 * that has begun goes in any case [MQTT-4.4.0-1, MQTT-3.3.2-5]. Work is done in bounded rounds
 * ({@link #run}), so that one long queue does not keep the shard's thread from the others.
 */
public final class Deliveries {
  private static final int PUSHES_PER_ROUND = 512;

  private final QueueReader reader;
  private final QueueLog queueLog;
  private final DeliveryCounts counts;
  private final Map<Long, Window> windows = new HashMap<>();
  private final Map<Outlet, Set<Window>> stalled = new LinkedHashMap<>();
  private final Deque<Window> ready = new ArrayDeque<>();
  private final List<Bundle> bundles = new ArrayList<>();
  private @Nullable Publication bundled;

  /**
   * Of sessions whose outlet is gone: what expired unsent, and is on its way out of the queue by
   * way of the log. Whoever pushed it now would begin a delivery that then ends without the client.
   */
  private final Map<Long, Set<Long>> passedOver = new HashMap<>();

  /** Takes into the log what has to become of entries of queues. */
  public interface QueueLog {
    /** These will not be pushed, for they expired: they must leave the queue. */
    void expired(long session, long epoch, List<Long> sequences);

    /** This one needs a packet id; {@link #allotted} follows. */
    void allotPacketId(long session, long sequence);
  }

  private record Bundle(Outlet outlet, long gateway, List<Outlet.Target> targets) {}

  public Deliveries(QueueReader reader, QueueLog queueLog, DeliveryCounts counts) {
    this.reader = reader;
    this.queueLog = queueLog;
    this.counts = counts;
  }

  /** A session is attached anew behind that outlet; one that has an outlet keeps it. */
  public void open(Session session, Outlet outlet) {
    if (!windows.containsKey(session.number())) {
      open(new Window(session, outlet));
    }
  }

  /** The same, where this leader or another may have pushed to the connection before. */
  public void openAgain(Session session, Outlet outlet) {
    if (!windows.containsKey(session.number())) {
      open(new Window(session, outlet, 0, 0, takePassedOver(session)));
    }
  }

  /**
   * A session goes on behind that outlet, instead of wherever it was before.
   *
   * @param receivedThrough every delivery up to this sequence has reached the gateway
   * @param number grows with every change of the outlet; an older one changes nothing
   */
  public void resume(Session session, Outlet outlet, long receivedThrough, int number) {
    Window before = windows.get(session.number());
    if (before == null || before.number <= number) {
      if (before != null) {
        leave(before);
      }
      open(new Window(session, outlet, receivedThrough, number, takePassedOver(session)));
    }
  }

  private Set<Long> takePassedOver(Session session) {
    Set<Long> before = passedOver.remove(session.number());
    return before == null ? Set.of() : before;
  }

  private void open(Window window) {
    windows.put(window.session.number(), window);
    makeReady(window);
  }

  /** A session is no longer attached. */
  public void close(long session) {
    Window window = windows.get(session);
    if (window != null) {
      leave(window);
    }
    passedOver.remove(session);
  }

  /** The session stays attached, and may go on behind another outlet. */
  private void leave(Window window) {
    windows.remove(window.session.number());
    keepPassedOver(window);
    Set<Window> waiting = stalled.get(window.outlet);
    if (waiting != null) {
      waiting.remove(window);
    }
  }

  private void keepPassedOver(Window window) {
    if (!window.passedOver().isEmpty()) {
      passedOver.put(window.session.number(), window.passedOver());
    }
  }

  /** Whether nothing of a session waits for its turn, and its window is half open at least. */
  public boolean hasRoom(long session) {
    Window window = windows.get(session);
    return window == null || window.hasRoom();
  }

  /** How many sessions it pushes to. */
  public int open() {
    return windows.size();
  }

  /** A message is in a queue: pushed at once if nothing is before it and the window is open. */
  public void queued(Change.Queued entry, long nowMillis) {
    Window window = windows.get(entry.session());
    if (window != null) {
      window.queued(entry);
      if (!window.ready) {
        pump(window, 1, nowMillis);
      }
    }
  }

  /** A message has left a queue. */
  public void removed(long session, long sequence) {
    Window window = windows.get(session);
    if (window == null) {
      passedOver.computeIfPresent(session, (number, left) -> without(sequence, left));
    } else if (window.removed(sequence)) {
      makeReady(window);
    }
  }

  private static @Nullable Set<Long> without(long sequence, Set<Long> passedOver) {
    passedOver.remove(sequence);
    return passedOver.isEmpty() ? null : passedOver;
  }

  /** A message of a queue has got its packet id. */
  public void allotted(long session) {
    Window window = windows.get(session);
    if (window != null) {
      makeReady(window);
    }
  }

  /** Pushes a message of QoS 0, or drops it where it cannot go at once. */
  public void direct(Decision.DirectPush push, long nowMillis) {
    Window window = windows.get(push.session());
    if (window == null || window.outlet.congested()) {
      counts.shed.increment();
    } else if (!push.publication().isExpired(nowMillis)) {
      emit(
          window,
          push.publication(),
          new Outlet.Target(
              window.attachment.connection(), 0, 0, 0, push.delivery(), false, false));
    }
  }

  /** An outlet is no longer congested. */
  public void writable(Outlet outlet) {
    Set<Window> waiting = stalled.remove(outlet);
    if (waiting != null) {
      waiting.forEach(this::makeReady);
    }
  }

  /** An outlet is gone: its sessions wait for their gateways to resume. */
  public void outletDown(Outlet outlet) {
    stalled.remove(outlet);
    for (Iterator<Window> all = windows.values().iterator(); all.hasNext(); ) {
      Window window = all.next();
      if (window.outlet.equals(outlet)) {
        all.remove();
        keepPassedOver(window);
      }
    }
  }

  /**
   * Pushes what can be pushed now, and everything that was bundled.
   *
   * @return whether there is more to do
   */
  public boolean run(long nowMillis) {
    int budget = PUSHES_PER_ROUND;
    while (budget > 0 && !ready.isEmpty()) {
      Window window = ready.removeFirst();
      window.ready = false;
      if (windows.get(window.session.number()) == window) {
        budget -= pump(window, budget, nowMillis);
      }
    }
    flush();
    return !ready.isEmpty();
  }

  private int pump(Window window, int budget, long nowMillis) {
    int pushed = 0;
    List<Long> expired = new ArrayList<>(0);
    while (window.isOpen() && !window.isIdle()) {
      if (window.outlet.congested()) {
        stalled.computeIfAbsent(window.outlet, outlet -> new LinkedHashSet<>()).add(window);
        break;
      }
      if (pushed == budget) {
        makeReady(window);
        break;
      }
      QueueReader.Entry entry = window.next(reader, counts);
      if (entry == null) {
        break;
      }
      boolean passedBefore = window.passedOver().contains(entry.sequence());
      if (passedBefore || isExpired(window, entry, nowMillis)) {
        window.passExpired();
        if (!passedBefore) {
          expired.add(entry.sequence());
        }
      } else {
        int packetId = window.session.packetIds().of(entry.sequence());
        if (packetId == 0) {
          if (window.asksFor(entry.sequence())) {
            queueLog.allotPacketId(window.session.number(), entry.sequence());
          }
          break;
        }
        window.advancePushed();
        emit(window, entry.publication(), target(window, entry, packetId));
      }
      pushed++;
    }
    if (!expired.isEmpty()) {
      counts.expired.add(expired.size());
      queueLog.expired(window.session.number(), window.attachment.epoch(), expired);
    }
    return pushed;
  }

  private static boolean isExpired(Window window, QueueReader.Entry entry, long nowMillis) {
    Publication publication = entry.publication();
    return publication != null
        && publication.isExpired(nowMillis)
        && !window.mayHaveBegun(entry.sequence());
  }

  private static Outlet.Target target(Window window, QueueReader.Entry entry, int packetId) {
    boolean release = entry.publication() == null;
    return new Outlet.Target(
        window.attachment.connection(),
        entry.sequence(),
        window.skippedBefore(entry.sequence()),
        packetId,
        entry.delivery(),
        !release && window.hasBegun(entry.sequence()),
        release);
  }

  /** Connections of one gateway that get one message one after the other get it in one push. */
  @SuppressWarnings("ReferenceEquality") // two publishes may be equal and still are two
  private void emit(Window window, @Nullable Publication publication, Outlet.Target target) {
    counts.pushed.increment();
    if (publication == null || publication != bundled) {
      flush();
      bundled = publication;
    }
    long gateway = window.attachment.gateway();
    for (Bundle bundle : bundles) {
      if (bundle.outlet().equals(window.outlet) && bundle.gateway() == gateway) {
        bundle.targets().add(target);
        return;
      }
    }
    Bundle bundle = new Bundle(window.outlet, gateway, new ArrayList<>(1));
    bundle.targets().add(target);
    bundles.add(bundle);
  }

  private void flush() {
    for (Bundle bundle : bundles) {
      bundle.outlet().push(bundle.gateway(), bundled, bundle.targets());
    }
    bundles.clear();
    bundled = null;
  }

  private void makeReady(Window window) {
    if (!window.ready) {
      window.ready = true;
      ready.addLast(window);
    }
  }
}
