package io.vmqtt.router.routes;

import java.util.ArrayList;
import java.util.List;

/** What one topic goes to. Used again and again by one thread. */
public final class Match {
  private final List<Origin> origins = new ArrayList<>();
  private final List<Choice> choices = new ArrayList<>();
  private boolean full;

  /**
   * A share group and the origin that serves it this time.
   *
   * @param origin whose member gets the message
   * @param key the group and its filter
   */
  public record Choice(Origin origin, RouteKey key) {}

  /** Every origin once. */
  public List<Origin> origins() {
    return origins;
  }

  /** The share groups that {@code origin} serves this time. */
  @SuppressWarnings("ReferenceEquality") // an origin is itself
  public List<RouteKey> choicesOf(Origin origin) {
    if (choices.isEmpty()) {
      return List.of();
    }
    return choices.stream().filter(choice -> choice.origin == origin).map(Choice::key).toList();
  }

  /** Whether somebody it goes to takes no more messages of QoS 1 and 2. */
  public boolean isFull() {
    return full;
  }

  /** It goes to this origin too, whether a route says so or not. */
  public void alsoTo(Origin origin) {
    if (!origins.contains(origin)) {
      origins.add(origin);
    }
  }

  void clear() {
    origins.clear();
    choices.clear();
    full = false;
  }

  void full() {
    full = true;
  }

  void add(Origin origin) {
    origins.add(origin);
  }

  void choose(Origin origin, RouteKey key) {
    choices.add(new Choice(origin, key));
  }
}
