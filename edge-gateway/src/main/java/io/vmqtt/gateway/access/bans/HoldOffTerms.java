package io.vmqtt.gateway.access.bans;

import io.vmqtt.cluster.bans.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * When somebody is held off, and for how long.
 *
 * @param duration how long; zero: nobody is
 * @param window in which what follows is counted
 * @param userFailures wrong proofs of one user name from one source; 0: not counted
 * @param addressFailures user names with a wrong proof from one source; 0: not counted
 * @param clientConnects connections of one client id from one source; 0: not counted
 * @param except where nobody is held off who comes from there
 */
public record HoldOffTerms(
    Duration duration,
    Duration window,
    int userFailures,
    int addressFailures,
    int clientConnects,
    List<Network> except) {
  /** Nobody is held off. */
  public static final HoldOffTerms NEVER =
      new HoldOffTerms(Duration.ZERO, Duration.ofMinutes(1), 0, 0, 0, List.of());

  public HoldOffTerms {
    except = List.copyOf(except);
  }

  /** Whether whoever comes from there can be held off. */
  boolean areFor(InetAddress address) {
    return duration.isPositive() && except.stream().noneMatch(one -> one.contains(address));
  }
}
