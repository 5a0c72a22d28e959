package io.vmqtt.cluster.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Those who have called at a port and not proved yet what they are: how many there may be, and for
 * how long. It says why somebody is sent away. Safe from any thread.
 */
public final class Doorstep {
  /** So long a caller has for his handshake, or for his first word where there is none. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /** So many callers may be there. */
  public static final int MOST = 256;

  /** So many of one address, so that no single machine keeps the others out. */
  public static final int MOST_OF_AN_ADDRESS = 64;

  /** By words alone, all providers of TLS tell what the other side has said. */
  private static final Pattern ALERT =
      Pattern.compile("received fatal alert|_alert_", Pattern.CASE_INSENSITIVE);

  private final String caller;
  private final String expected;
  private final Refusals refusals;
  private final Counter tooMany;
  private final Counter tooSlow;
  private final Map<String, Integer> byAddress = new HashMap<>();
  private int all;

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
    return all;
  }

  /** One more, from that address: whether it may be. Only then {@link #leave} must follow. */
  public boolean enter(String address) {
    synchronized (this) {
      int ofAddress = byAddress.getOrDefault(address, 0);
      if (all < MOST && ofAddress < MOST_OF_AN_ADDRESS) {
        all++;
        byAddress.put(address, ofAddress + 1);
        return true;
      }
    }
    tooMany.increment();
    refusals.say("refuses " + at(address) + ": too many callers have not shown yet what they are");
    return false;
  }

  /** One less, whatever came of it. */
  public synchronized void leave(String address) {
    all--;
    byAddress.computeIfPresent(address, (known, count) -> count == 1 ? null : count - 1);
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
