package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Everything that happened, when and to whom. Thread-safe. */
final class Chronicle {
  private final LongSupplier nanoClock;
  private final long beganNanos;
  private final List<Event> events = new ArrayList<>();

  /** What somebody did with a message; without one, something that may matter to all. */
  private record Event(
      long nanos, @Nullable String actor, String deed, @Nullable SentMessage message) {}

  Chronicle(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.beganNanos = nanoClock.getAsLong();
  }

  synchronized void add(String actor, String deed, SentMessage message) {
    events.add(new Event(nanoClock.getAsLong(), actor, deed, message));
  }

  synchronized void add(String actor, String deed) {
    events.add(new Event(nanoClock.getAsLong(), actor, deed, null));
  }

  synchronized void note(String text) {
    events.add(new Event(nanoClock.getAsLong(), null, text, null));
  }

  /**
   * The least that shows what became of a message: its own way and that of its neighbours, as far
   * as one subscriber is concerned, and what else went on meanwhile.
   */
  synchronized List<String> around(SentMessage message, String subscriber) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Event event : events) {
      if (concerns(event, message, subscriber)) {
        first = Math.min(first, event.nanos);
        last = Math.max(last, event.nanos);
      }
    }
    List<String> lines = new ArrayList<>();
    for (Event event : events) {
      boolean within = event.nanos >= first && event.nanos <= last;
      if ((within && explains(event, message, subscriber))
          || concerns(event, message, subscriber)) {
        lines.add(line(event));
      }
    }
    return lines;
  }

  /** Everything, line by line. */
  synchronized List<String> all() {
    return events.stream().map(this::line).toList();
  }

  /** Whether it is about everybody, or about one of the two without being about a message. */
  private static boolean explains(Event event, SentMessage message, String subscriber) {
    return event.message == null
        && (event.actor == null
            || event.actor.equals(subscriber)
            || event.actor.equals(message.publisher()));
  }

  private static boolean concerns(Event event, SentMessage message, String subscriber) {
    SentMessage other = event.message;
    return other != null
        && other.publisher().equals(message.publisher())
        && other.topic().equals(message.topic())
        && other.qos() == message.qos()
        && Math.abs(other.sequence() - message.sequence()) <= 1
        && (subscriber.equals(event.actor) || other.publisher().equals(event.actor));
  }

  private String line(Event event) {
    double seconds = (event.nanos - beganNanos) / 1e9;
    String what = event.actor == null ? event.deed : event.actor + ' ' + event.deed;
    if (event.message != null) {
      what += " " + event.message.sequence();
    }
    return String.format(Locale.ROOT, "%10.3f s  %s", seconds, what);
  }
}
