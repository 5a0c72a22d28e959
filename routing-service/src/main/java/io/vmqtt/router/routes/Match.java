package io.vmqtt.router.routes;

import java.util.ArrayList;
import java.util.List;

/**
 * What one topic goes to. Used again and again by one thread.
 *
 * @param <D> destinations
 */
public final class Match<D> {
  private final List<D> destinations = new ArrayList<>();
  private final List<Choice<D>> choices = new ArrayList<>();
  private boolean full;

  /**
   * A share group and the destination that serves it this time.
   *
   * @param destination whose member gets the message
   * @param key the group and its filter
   */
  private record Choice<D>(D destination, RouteKey key) {}

  /** Every destination once. */
  public List<D> destinations() {
    return destinations;
  }

  /** The share groups that {@code destination} serves this time. */
  public List<RouteKey> choicesOf(D destination) {
    if (choices.isEmpty()) {
      return List.of();
    }
    return choices.stream()
        .filter(choice -> choice.destination.equals(destination))
        .map(Choice::key)
        .toList();
  }

  /** Whether somebody it goes to takes no more messages of QoS 1 and 2. */
  public boolean isFull() {
    return full;
  }

  /** It goes there too, whether a route says so or not. */
  public void alsoTo(D destination) {
    if (!destinations.contains(destination)) {
      destinations.add(destination);
    }
  }

  void clear() {
    destinations.clear();
    choices.clear();
    full = false;
  }

  void full() {
    full = true;
  }

  void add(D destination) {
    destinations.add(destination);
  }

  void choose(D destination, RouteKey key) {
    choices.add(new Choice<>(destination, key));
  }
}
