package io.vmqtt.cluster.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.bans.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Those who have called at a port and not proved yet what they are: how many there may be, and for
 * how long. Where there are too many, whoever has waited longest goes: honest callers speak at
 * once. It says why somebody is sent away. Safe from any thread.
 */
public final class Doorstep {
  /** So long a caller has for his handshake, or for his first word where there is none. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /** So many callers may be there. */
  public static final int MOST = 256;

  /** So many of one source ({@link Network#source}), so that none has all the room. */
  public static final int MOST_OF_A_SOURCE = 64;

  /** By words alone, all providers of TLS tell what the other side has said. */
  private static final Pattern ALERT =
      Pattern.compile("received fatal alert|_alert_", Pattern.CASE_INSENSITIVE);

  private final String caller;
  private final String expected;
  private final Refusals refusals;
  private final Counter tooMany;
  private final Counter tooSlow;
  private final Map<Network, Integer> bySource = new HashMap<>();

  /** In the order in which they came. */
  private final Set<Newcomer> all = new LinkedHashSet<>();

  /** One of those who are there. */
  public static final class Newcomer {
    private final String address;
    private final Network source;
    private final Runnable close;

    private Newcomer(InetAddress address, Runnable close) {
      this.address = address.getHostAddress();
      this.source = Network.source(address);
      this.close = close;
    }

    public String address() {
      return address;
    }
  }

  /**
   * Nobody is there yet.
   *
   * @param port for people and meters: {@code link}
   * @param caller of that port, for people: {@code the caller}
   * @param expected what callers have to show, for people
   */
  public Doorstep(
      String port, String caller, String expected, Refusals refusals, MeterRegistry registry) {
    this.caller = caller;
    this.expected = expected;
    this.refusals = refusals;
    Gauge.builder("vmqtt.cluster.handshakes.under.way", this, Doorstep::count)
        .description("callers that have not proved yet what they are")
        .tag("port", port)
        .register(registry);
    tooMany = refused(registry, port, "too-many");
    tooSlow = refused(registry, port, "time-out");
  }

  private static Counter refused(MeterRegistry registry, String port, String reason) {
    return Counter.builder("vmqtt.cluster.handshakes.refused")
        .description(
            "callers sent away: too many had not proved what they are, or it took too long")
        .tag("port", port)
        .tag("reason", reason)
        .register(registry);
  }

  private synchronized int count() {
    return all.size();
  }

  /**
   * One more, until {@link #leave}; another one may have to go for it.
   *
   * @param close ends its connection, from any thread
   */
  public Newcomer enter(InetAddress address, Runnable close) {
    Newcomer newcomer = new Newcomer(address, close);
    Newcomer tooMuch;
    synchronized (this) {
      tooMuch = tooMuchWith(newcomer.source);
      if (tooMuch != null) {
        leave(tooMuch);
      }
      all.add(newcomer);
      bySource.merge(newcomer.source, 1, Integer::sum);
    }
    if (tooMuch != null) {
      tooMany.increment();
      refusals.say(
          "refuses "
              + at(tooMuch.address)
              + ": too many callers have not shown yet what they are, and it was the first of them");
      tooMuch.close.run();
    }
    return newcomer;
  }

  /** Who has to go for one more of that source: the first of it, or of the one that has most. */
  private @Nullable Newcomer tooMuchWith(Network source) {
    if (bySource.getOrDefault(source, 0) >= MOST_OF_A_SOURCE) {
      return first(one -> one.source.equals(source));
    }
    if (all.size() >= MOST) {
      Integer most = Collections.max(bySource.values());
      return first(one -> most.equals(bySource.get(one.source)));
    }
    return null;
  }

  private @Nullable Newcomer first(Predicate<Newcomer> which) {
    for (Newcomer one : all) {
      if (which.test(one)) {
        return one;
      }
    }
    return null;
  }

  /** One less, whatever came of it. More than once is once. */
  public synchronized void leave(Newcomer newcomer) {
    if (all.remove(newcomer)) {
      bySource.computeIfPresent(newcomer.source, (known, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Its time is over. */
  public void tooSlow(String address) {
    tooSlow.increment();
    refuse(address, "none came within " + PATIENCE.toSeconds() + " s");
  }

  /** Its handshake has failed. */
  public void failed(String address, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (WrongPeerException.isBehind(failure)) {
      return; // it has been said
    }
    if (ALERT.matcher(message).find()) {
      refusals.say("refused by " + at(address) + ": " + message);
    } else {
      refuse(address, "none came: " + message);
    }
  }

  /** It has begun with something else than what it has to show. */
  public void refuse(String address, String came) {
    refusals.say("refuses " + at(address) + ": " + expected + " was expected, " + came);
  }

  private String at(String address) {
    return caller + " at " + address;
  }
}
