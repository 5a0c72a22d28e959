package io.vmqtt.cluster.alarms;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes alarms of what is found at each look. What was not so for long enough raises none, and what
 * comes and goes stays one alarm: see {@link AlarmKind}. Safe from any thread.
 *
 * <p>Bounded: what would be more than {@link #MOST_ACTIVE} at a time is left out and counted, and
 * of those that are over the last {@link #MOST_CLEARED} are kept.
 */
public final class Alarms {
  public static final int MOST_ACTIVE = 1_000;
  public static final int MOST_CLEARED = 1_000;

  private final Map<String, Known> known = new LinkedHashMap<>();
  private final Deque<Alarm> cleared = new ArrayDeque<>();
  private int leftOut;

  /** Something that was found, and the alarm that it has raised, if any. */
  private static final class Known {
    final Instant first;
    Instant last;
    @Nullable Alarm alarm;

    Known(Instant first) {
      this.first = first;
      this.last = first;
    }
  }

  /**
   * A look.
   *
   * @param found all that is wrong now
   * @return what was raised and cleared by that, in this order
   */
  public synchronized List<AlarmEvent> look(Collection<Finding> found, Instant now) {
    List<AlarmEvent> events = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    leftOut = 0;
    for (Finding finding : found) {
      if (seen.add(finding.key())) {
        take(finding, now, events);
      }
    }
    Iterator<Map.Entry<String, Known>> all = known.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, Known> one = all.next();
      if (!seen.contains(one.getKey()) && isOver(one.getValue(), now, events)) {
        all.remove();
      }
    }
    return events;
  }

  private void take(Finding finding, Instant now, List<AlarmEvent> events) {
    Known one = known.get(finding.key());
    if (one == null) {
      if (!finding.raises()) {
        return;
      }
      if (known.size() >= MOST_ACTIVE) {
        leftOut++;
        return;
      }
      one = new Known(now);
      known.put(finding.key(), one);
    }
    Alarm before = one.alarm;
    if (before != null) {
      one.last = now;
      one.alarm = alarm(finding, before.since());
      if (finding.severity().compareTo(before.severity()) > 0) {
        events.add(new AlarmEvent(one.alarm, true));
      }
    } else if (!finding.raises()) {
      known.remove(finding.key()); // it has to last without a break
    } else if (finding.since() != null || isLongAgo(one.first, finding.kind().raiseAfter(), now)) {
      one.last = now;
      one.alarm = alarm(finding, finding.since() == null ? now : finding.since());
      events.add(new AlarmEvent(one.alarm, true));
    }
  }

  private static Alarm alarm(Finding finding, Instant since) {
    return new Alarm(
        finding.kind(),
        finding.node(),
        finding.about(),
        finding.severity(),
        finding.text(),
        since,
        null);
  }

  /** One that was not found this time. */
  private boolean isOver(Known one, Instant now, List<AlarmEvent> events) {
    Alarm alarm = one.alarm;
    if (alarm == null) {
      return true;
    }
    if (!isLongAgo(one.last, alarm.kind().clearAfter(), now)) {
      return false;
    }
    Alarm over = alarm.clearedAt(now);
    events.add(new AlarmEvent(over, false));
    cleared.addFirst(over);
    while (cleared.size() > MOST_CLEARED) {
      cleared.removeLast();
    }
    return true;
  }

  private static boolean isLongAgo(Instant when, Duration time, Instant now) {
    return !now.isBefore(when.plus(time));
  }

  /** Those that are active, the worst first, and then the oldest. */
  public synchronized List<Alarm> active() {
    return known.values().stream()
        .map(one -> one.alarm)
        .filter(alarm -> alarm != null)
        .sorted(
            Comparator.comparing(Alarm::severity)
                .reversed()
                .thenComparing(Alarm::since)
                .thenComparing(Alarm::id))
        .toList();
  }

  /** How many of a kind are active. */
  public synchronized int active(AlarmKind kind) {
    int count = 0;
    for (Known one : known.values()) {
      Alarm alarm = one.alarm;
      if (alarm != null && alarm.kind() == kind) {
        count++;
      }
    }
    return count;
  }

  /** Those that are over, the latest first. */
  public synchronized List<Alarm> cleared() {
    return List.copyOf(cleared);
  }

  /** How many were left out at the last look because there are too many. */
  public synchronized int leftOut() {
    return leftOut;
  }
}
