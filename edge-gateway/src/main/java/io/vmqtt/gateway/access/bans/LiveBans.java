package io.vmqtt.gateway.access.bans;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The bans in force: exchanged whole. Safe from any thread. */
public final class LiveBans {
  private final InstantSource clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final LongAdder keptOut = new LongAdder();

  /** Belongs to the thread that says what holds. */
  private List<Ban> known = List.of();

  private volatile int count;
  private volatile @Nullable CompiledBans present;

  /** Nothing is known yet. */
  public LiveBans(InstantSource clock) {
    this.clock = clock;
  }

  /** There are none, unless somebody says otherwise later. */
  public static LiveBans none() {
    LiveBans bans = new LiveBans(() -> Instant.EPOCH);
    bans.follow(Bans.NONE);
    return bans;
  }

  /** What holds from now on. Called by one thread at a time. */
  public void follow(Bans bans) {
    if (present != null && bans.all().equals(known)) {
      return; // a pardon is nothing that every connection need be asked about
    }
    known = bans.all();
    present = new CompiledBans(known);
    count = known.size();
    listeners.forEach(Runnable::run);
  }

  /** Whether it is known if there are any. */
  public boolean areKnown() {
    return present != null;
  }

  /** Has {@code then} run whenever others are in force, by the thread that says so. */
  public void whenChanged(Runnable then) {
    listeners.add(then);
  }

  /** Whether a client may not be connected. */
  public boolean areAbout(Identity who) {
    CompiledBans bans = present;
    return count > 0 && bans != null && counted(bans.find(who, clock.instant()) != null);
  }

  /** Whether a client may not, whoever it is. */
  boolean areAbout(Credentials credentials) {
    CompiledBans bans = present;
    return count > 0 && bans != null && counted(bans.find(credentials, clock.instant()) != null);
  }

  /** Whether nobody may who comes from there. */
  public boolean areAbout(@Nullable SocketAddress from) {
    CompiledBans bans = present;
    return count > 0 && bans != null && counted(bans.find(from, clock.instant()) != null);
  }

  private boolean counted(boolean banned) {
    if (banned) {
      keptOut.increment();
    }
    return banned;
  }

  /** How many there are, those that have ended among them. */
  public int count() {
    return count;
  }

  /** How many connections they have ended, or not let begin. */
  public long keptOut() {
    return keptOut.sum();
  }
}
