package io.vmqtt.gateway.listener;

import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.transport.TransportHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One change, from the listeners that are there to those that are wanted. Whatever cannot be leaves
 * the listener of that name as it is, and the others alone.
 */
final class ListenerChange {
  private static final Logger log = LoggerFactory.getLogger(ListenerChange.class);

  private final Map<String, Listener> before;
  private final ListenerMaker maker;
  private final Map<String, Listener> after = new LinkedHashMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final List<TransportHead> unused = new ArrayList<>();
  private boolean hasChanged;

  /**
   * Nothing has changed yet.
   *
   * @param before the listeners that are there, by their names
   */
  ListenerChange(Map<String, Listener> before, ListenerMaker maker) {
    this.before = before;
    this.maker = maker;
  }

  /** Does it; what there is to know of it, is known then. */
  void make(List<ListenerConfig> wanted, EventLoops loops) {
    List<Listener> others = new ArrayList<>();
    for (ListenerConfig one : wanted) {
      Listener there = before.get(one.name());
      try {
        if (there == null || one.isOther(there.config())) {
          others.add(maker.make(one, there));
        } else if (!one.equals(there.config())) {
          change(there, one);
        }
      } catch (IOException e) {
        failed(one, e);
      }
    }
    // What is to be free has to be before somebody takes it: two may change their places.
    Set<String> names = new LinkedHashSet<>(wanted.stream().map(ListenerConfig::name).toList());
    Set<String> moving = new LinkedHashSet<>();
    others.forEach(other -> moving.add(other.config().name()));
    Predicate<String> leaves = name -> !names.contains(name) || moving.contains(name);
    before.forEach(
        (name, listener) -> {
          if (leaves.test(name)) {
            listener.close();
            listener.leave();
          } else {
            after.put(name, listener);
          }
        });
    others.forEach(other -> open(other, loops));
    before.values().stream().filter(Predicate.not(after::containsValue)).forEach(this::end);
    failures.keySet().stream().filter(Predicate.not(after::containsKey)).forEach(maker::forget);
  }

  private void change(Listener there, ListenerConfig config) throws IOException {
    TransportHead head = maker.change(there, config);
    if (head != null) {
      unused.add(head);
    }
    hasChanged = true;
    log.info("listener {} has changed, for clients that come from now on", config.name());
  }

  private void open(Listener other, EventLoops loops) {
    ListenerConfig config = other.config();
    try {
      other.open(loops);
      after.put(config.name(), other);
      hasChanged = true;
      if (!config.isDefault()) {
        log.info("listener {} is at {}:{}", config.name(), config.host(), other.port());
      }
    } catch (IOException e) {
      unused.add(other.head());
      failed(config, e);
      Listener there = before.get(config.name());
      if (there != null) {
        openAgain(there, loops);
      }
    }
  }

  private void openAgain(Listener there, EventLoops loops) {
    ListenerConfig config = there.config();
    try {
      there.open(loops);
      after.put(config.name(), there);
    } catch (IOException e) {
      failures.merge(config.name(), String.valueOf(e.getMessage()), (one, two) -> one + "; " + two);
    }
  }

  private void end(Listener listener) {
    listener.end();
    unused.add(listener.head());
    hasChanged = true;
    String name = listener.config().name();
    if (!after.containsKey(name)) {
      maker.forget(name);
    }
    log.info(
        "listener {} is {}: its clients there have to go",
        name,
        after.containsKey(name) ? "elsewhere" : "no more");
  }

  private void failed(ListenerConfig config, IOException e) {
    failures.put(
        config.name(),
        (config.isDefault() ? "" : "listener " + config.name() + ": ") + e.getMessage());
  }

  /** The listeners that are there now, by their names. */
  Map<String, Listener> after() {
    return after;
  }

  /** Why those that are not as wanted are not, by their names. */
  Map<String, String> failures() {
    return failures;
  }

  /** What nobody comes by any more. */
  List<TransportHead> unused() {
    return unused;
  }

  /** Whether anything has changed. */
  boolean hasChanged() {
    return hasChanged;
  }
}
