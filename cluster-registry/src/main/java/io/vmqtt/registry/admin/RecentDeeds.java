package io.vmqtt.registry.admin;

import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.operation.Deed;
import io.vmqtt.cluster.operation.DeedPage;
import io.vmqtt.cluster.operation.DeedPlace;
import io.vmqtt.cluster.operation.DeedQuery;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The latest of what operators did by way of this registry, for as long as it runs: of more than
 * {@link DeedQuery#MOST} the earliest go. What others tried, who did not say who they are, is kept
 * apart, and less of it: they must not push that out. Safe from any thread.
 */
final class RecentDeeds {
  /** What strangers choose has a bound. */
  private static final int LONGEST_TARGET = 500;

  private static final int LONGEST_NAME = 100;
  private static final int MOST_OF_STRANGERS = 1_000;
  private static final int UNAUTHORIZED = 401;

  private final String registry;
  private final InstantSource clock;
  private final Deque<Deed> ofOperators = new ArrayDeque<>();
  private final Deque<Deed> ofStrangers = new ArrayDeque<>();
  private Instant latest = Instant.EPOCH;
  private long numbers;

  /**
   * None yet.
   *
   * @param registry the id of this one
   */
  RecentDeeds(String registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * Keeps one.
   *
   * @return it, as whole as it was, with its time
   */
  synchronized Deed add(String operator, String from, String method, String request, int status) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    latest = now.isAfter(latest) ? now : latest; // pages need an order, also when clocks are set
    Deed whole =
        new Deed(
            registry,
            ++numbers,
            latest.toString(),
            status != UNAUTHORIZED && status != 403,
            operator,
            from,
            method,
            request,
            status);
    boolean known = status != UNAUTHORIZED;
    Deque<Deed> latestFirst = known ? ofOperators : ofStrangers;
    latestFirst.addFirst(kept(whole));
    if (latestFirst.size() > (known ? DeedQuery.MOST : MOST_OF_STRANGERS)) {
      latestFirst.removeLast();
    }
    return whole;
  }

  private static Deed kept(Deed whole) {
    return new Deed(
        whole.registry(),
        whole.number(),
        whole.time(),
        whole.allowed(),
        start(whole.operator(), LONGEST_NAME),
        whole.from(),
        start(whole.method(), LONGEST_NAME),
        start(whole.request(), LONGEST_TARGET),
        whole.status());
  }

  private static String start(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + '…';
  }

  /** The latest of them behind a place. */
  synchronized DeedPage page(DeedQuery query) {
    NamePattern operator = query.operator() == null ? null : new NamePattern(query.operator());
    DeedPlace after = query.after();
    List<Deed> found = new ArrayList<>();
    Iterator<Deed> all =
        Stream.concat(ofOperators.stream(), ofStrangers.stream())
            .sorted(Comparator.comparingLong(Deed::number).reversed())
            .iterator();
    while (all.hasNext() && found.size() <= query.limit()) {
      Deed deed = all.next();
      if ((after == null || deed.place().compareTo(after) > 0)
          && (operator == null || operator.matches(deed.operator()))) {
        found.add(deed);
      }
    }
    return new DeedPage(
        found.subList(0, Math.min(query.limit(), found.size())), found.size() > query.limit());
  }
}
