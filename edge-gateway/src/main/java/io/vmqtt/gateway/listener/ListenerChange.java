package io.vmqtt.gateway.listener;

import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.transport.TransportHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
  private final List<String> opened = new ArrayList<>();
  private final List<String> changed = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();

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
    Set<String> names = wanted.stream().map(ListenerConfig::name).collect(Collectors.toSet());
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
      } catch (RuntimeException e) {
        log.error("listener {} cannot be as it is wanted", one.name(), e);
        failed(one, e);
      }
    }
    before.values().stream()
        .filter(there -> names.contains(there.config().name()))
        .filter(there -> others.stream().noneMatch(other -> isOfOneName(other, there)))
        .forEach(this::stays);
    List<Listener> waiting = openWhatIsFree(others, loops);
    List<Listener> going = before.values().stream().filter(this::goes).toList();
    going.forEach(Listener::close);
    Listener.leave(going);
    waiting.forEach(other -> openInPlace(other, loops));
    before.values().stream().filter(this::goes).forEach(this::end);
    failures.keySet().stream().filter(Predicate.not(after::containsKey)).forEach(maker::forget);
  }

  private static boolean isOfOneName(Listener one, Listener another) {
    return one.config().name().equals(another.config().name());
  }

  private void stays(Listener there) {
    after.put(there.config().name(), there);
  }

  /** Whether one that was there is not to be there any more. */
  private boolean goes(Listener there) {
    return !after.containsValue(there);
  }

  /**
   * What is to be free has to be before somebody takes it: two may change their places. But as long
   * as nobody goes, whoever cannot move stays.
   *
   * @return those whose places one has who goes
   */
  private List<Listener> openWhatIsFree(List<Listener> others, EventLoops loops) {
    Map<Listener, IOException> waiting = new LinkedHashMap<>();
    for (Listener other : others) {
      try {
        open(other, loops);
      } catch (IOException e) {
        waiting.put(other, e);
      }
    }
    while (waiting.keySet().stream().anyMatch(Predicate.not(this::isForeseen))) {
      // Where one stays, those who wait for its place do, too.
      for (Listener other : List.copyOf(waiting.keySet())) {
        if (!isForeseen(other)) {
          cannot(other, Objects.requireNonNull(waiting.remove(other)));
          Listener there = before.get(other.config().name());
          if (there != null) {
            stays(there);
          }
        }
      }
    }
    return List.copyOf(waiting.keySet());
  }

  /** Whether the port that one wants is that of one who goes. */
  private boolean isForeseen(Listener other) {
    int port = other.config().port();
    return port != 0
        && before.values().stream().anyMatch(there -> there.port() == port && goes(there));
  }

  private void change(Listener there, ListenerConfig config) throws IOException {
    TransportHead head = maker.change(there, config);
    if (head != null) {
      isOver(head);
    }
    changed.add(config.name());
    log.info("listener {} has changed, for clients that come from now on", config.name());
  }

  private void open(Listener other, EventLoops loops) throws IOException {
    ListenerConfig config = other.config();
    other.open(loops);
    after.put(config.name(), other);
    opened.add(config.name());
    if (!config.isDefault()) {
      log.info("listener {} is at {}:{}", config.name(), config.host(), other.port());
    }
  }

  private void openInPlace(Listener other, EventLoops loops) {
    try {
      open(other, loops);
    } catch (IOException e) {
      cannot(other, e);
      Listener there = before.get(other.config().name());
      if (there != null) {
        openAgain(there, loops);
      }
    }
  }

  /** Nobody has come by it. */
  private void cannot(Listener other, IOException e) {
    other.head().letGo();
    failed(other.config(), e);
  }

  private void openAgain(Listener there, EventLoops loops) {
    try {
      there.open(loops);
      stays(there);
    } catch (IOException e) {
      failures.merge(
          there.config().name(), String.valueOf(e.getMessage()), (one, two) -> one + "; " + two);
    }
  }

  private void end(Listener listener) {
    listener.end();
    isOver(listener.head());
    String name = listener.config().name();
    ended.add(name);
    if (!after.containsKey(name)) {
      maker.forget(name);
    }
    log.info(
        "listener {} is {}: its clients there have to go",
        name,
        after.containsKey(name) ? "elsewhere" : "no more");
  }

  private void isOver(TransportHead head) {
    head.retire();
    unused.add(head);
  }

  private void failed(ListenerConfig config, Exception e) {
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
    return !opened.isEmpty() || !changed.isEmpty() || !ended.isEmpty();
  }

  /** The names of those that were opened, changed, and ended; of one that has moved, in both. */
  Change told(@Nullable Origin origin) {
    Change told = Change.of("listeners", origin);
    told = with(told, "opened", opened);
    told = with(told, "changed", changed);
    told = with(told, "ended", ended);
    return failures.isEmpty() ? told : told.with("failed", Map.copyOf(failures));
  }

  private static Change with(Change told, String name, List<String> which) {
    return which.isEmpty() ? told : told.with(name, List.copyOf(which));
  }
}
