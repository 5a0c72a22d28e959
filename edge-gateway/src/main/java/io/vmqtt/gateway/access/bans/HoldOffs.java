package io.vmqtt.gateway.access.bans;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vmqtt.cluster.bans.HeldOff;
import io.vmqtt.cluster.bans.HoldOff;
import io.vmqtt.cluster.bans.Network;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.cluster.bans.Pardons;
import io.vmqtt.cluster.bans.Suspect;
import io.vmqtt.cluster.bans.Suspect.Kind;
import io.vmqtt.gateway.access.Credentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who is held off because he has guessed, or come and gone, too often: his CONNECT is refused for a
 * while without anybody looking at his proof. What is counted is always counted of one source, so
 * that nobody has a user held off who is elsewhere; and of wrong proofs, not of right ones, so that
 * many honest clients behind one address do not count. Who is connected stays connected.
 *
 * <p>A wrong proof counts for its user name at its source. For the source alone user names count,
 * not tries: a device that has a wrong password, and tries it for ever, does not shut out its
 * neighbours.
 *
 * <p>What had begun when an operator pardoned somebody is over, and what was counted of him is
 * forgotten. Safe from any thread.
 */
public final class HoldOffs {
  /** Of those whom this gateway has found; further ones take the place of others. */
  private static final int MOST_FOUND = 10_000;

  /** So far clocks may differ; no pardon is about what begins later than that after it is heard. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private final HoldOffTerms terms;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private volatile @Nullable Bursts<Suspect> failuresOfUsers;
  private volatile @Nullable Bursts<Suspect> failuresOfAddresses;

  /** Names that have failed at their source of late: there they count once. */
  private final Bursts<Suspect> namesOfAddresses;

  private volatile @Nullable Bursts<Suspect> connectsOfClients;
  private final Cache<Suspect, HoldOff> found;
  private final LongAdder turnedAway = new LongAdder();
  private final LongAdder begun = new LongAdder();
  private final LongAdder takenBack = new LongAdder();
  private final List<Witness> witnesses = new CopyOnWriteArrayList<>();
  private final List<Clerk> clerks = new CopyOnWriteArrayList<>();

  /** Guards what is said, by operators and by other gateways; who asks needs it not. */
  private final Object saying = new Object();

  private HeldOff heldOff = HeldOff.NONE;

  /** Pardons as they were said, and as they count here; null: none were heard of yet. */
  private @Nullable Map<Pardon, Pardon> pardoned;

  private volatile Pardons pardons = Pardons.NONE;

  /** Whom the cluster knows, without those who are pardoned. */
  private volatile Map<Suspect, HoldOff> known = Map.of();

  /** Who is told of those whom this gateway finds. Holds up nobody. */
  @FunctionalInterface
  public interface Witness {
    /**
     * Somebody is held off from now on.
     *
     * @param credentials what he did it with the last time
     */
    void heldOff(Suspect suspect, Credentials credentials, HoldOff holdOff);
  }

  /** Who is told of pardons. Holds up nobody. */
  @FunctionalInterface
  public interface Clerk {
    /**
     * An operator has pardoned somebody.
     *
     * @param takenBack how many hold-offs that this gateway knows of are over by that
     */
    void pardoned(Pardon pardon, int takenBack);
  }

  /** Nobody is held off yet. */
  public HoldOffs(HoldOffTerms terms, InstantSource clock, LongSupplier nanoClock) {
    this.terms = terms;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.failuresOfUsers = bursts(terms.userFailures());
    this.namesOfAddresses = new Bursts<>(1, longer(terms.window(), terms.duration()), nanoClock);
    this.failuresOfAddresses = bursts(terms.addressFailures());
    this.connectsOfClients = bursts(terms.clientConnects());
    this.found =
        Caffeine.newBuilder()
            .maximumSize(MOST_FOUND)
            .expireAfterWrite(terms.duration())
            .executor(Runnable::run)
            .build();
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private @Nullable Bursts<Suspect> bursts(int usual) {
    return usual == 0 ? null : new Bursts<>(usual, terms.window(), nanoClock);
  }

  /**
   * So many wrong proofs of one user name from one source are usual from now on; they are counted
   * anew. Who is held off stays so.
   *
   * @param usual 0: they are not counted
   */
  public void userFailures(int usual) {
    failuresOfUsers = bursts(usual);
  }

  /** The same of user names with a wrong proof from one source. */
  public void addressFailures(int usual) {
    failuresOfAddresses = bursts(usual);
  }

  /** The same of connections of one client id from one source. */
  public void clientConnects(int usual) {
    connectsOfClients = bursts(usual);
  }

  /** Nobody ever is. */
  public static HoldOffs never() {
    return new HoldOffs(HoldOffTerms.NEVER, () -> Instant.EPOCH, () -> 0);
  }

  /** Has somebody told whenever this gateway finds one. */
  public void whenFound(Witness witness) {
    witnesses.add(witness);
  }

  /** Has somebody told of each pardon that comes from now on, but not of those at the start. */
  public void whenPardoned(Clerk clerk) {
    clerks.add(clerk);
  }

  /** Whom the cluster knows from now on. */
  public void follow(HeldOff said) {
    synchronized (saying) {
      heldOff = said;
      known = said.without(pardons);
    }
  }

  /** Whom operators have pardoned. */
  void pardon(List<Pardon> all) {
    synchronized (saying) {
      Map<Pardon, Pardon> before = pardoned;
      Map<Pardon, Pardon> now = counted(all, before == null ? Map.of() : before);
      pardoned = now;
      if (now.equals(before)) {
        return;
      }
      Map<Pardon, Pardon> fresh = new LinkedHashMap<>(now);
      if (before != null) {
        fresh.keySet().removeAll(before.keySet());
      }
      Pardons theirs = new Pardons(List.copyOf(fresh.values()));
      Map<Pardon, Integer> ended = ending(theirs);
      end(new Pardons(List.copyOf(now.values())));
      forgetCountsOf(theirs);
      if (before != null) {
        tell(fresh, ended);
      }
    }
  }

  /** As they count here: one that was heard of before counts as it did then. */
  private Map<Pardon, Pardon> counted(List<Pardon> all, Map<Pardon, Pardon> before) {
    Instant latest = clock.instant().plus(CLOCK_SKEW);
    Map<Pardon, Pardon> counted = new LinkedHashMap<>();
    for (Pardon said : all) {
      Pardon heard = before.get(said);
      counted.put(said, heard == null ? said.notAfter(latest) : heard);
    }
    return counted;
  }

  /** From here on these hold, and what they are about is over. */
  private void end(Pardons inForce) {
    pardons = inForce;
    known = heldOff.without(inForce);
    found.asMap().entrySet().removeIf(one -> isBy(inForce, one.getKey(), one.getValue()));
  }

  /**
   * Counts, and says, what new pardons have ended.
   *
   * @param fresh as they were said, and as they count here
   */
  private void tell(Map<Pardon, Pardon> fresh, Map<Pardon, Integer> ended) {
    ended.values().forEach(takenBack::add);
    fresh.forEach(
        (said, counted) ->
            clerks.forEach(clerk -> clerk.pardoned(said, ended.getOrDefault(counted, 0))));
  }

  /** Whom operators have pardoned, as this gateway knows. */
  public Pardons pardons() {
    return pardons;
  }

  private static boolean isBy(Pardons pardons, Suspect suspect, HoldOff holdOff) {
    return pardons.find(suspect, holdOff.sinceMillis()) != null;
  }

  /** How many hold-offs that last each of these ends. */
  private Map<Pardon, Integer> ending(Pardons theirs) {
    Map<Pardon, Integer> ended = new HashMap<>();
    lasting()
        .forEach(
            (suspect, holdOff) -> {
              Pardon by = theirs.find(suspect, holdOff.sinceMillis());
              if (by != null) {
                ended.merge(by, 1, Integer::sum);
              }
            });
    return ended;
  }

  /** Who is held off now, as far as this gateway knows: found here, or by others. */
  public Map<Suspect, HoldOff> lasting() {
    Map<Suspect, HoldOff> lasting = new HashMap<>(known);
    lasting.putAll(found.asMap());
    lasting.values().removeIf(holdOff -> !lasts(holdOff));
    return lasting;
  }

  /** But for what is said so late that all of it has come since. */
  private void forgetCountsOf(Pardons theirs) {
    long from = clock.millis() - longer(terms.window(), terms.duration()).toMillis();
    Stream.of(failuresOfUsers, failuresOfAddresses, connectsOfClients)
        .filter(Objects::nonNull)
        .forEach(counts -> counts.forgetAll(who -> theirs.find(who, from) != null));
    // A name counts once for its address, unless it is the address whose count begins anew.
    namesOfAddresses.forgetAll(who -> theirs.find(Suspect.address(who.from()), from) != null);
  }

  /** A client connects: whether it is held off. */
  boolean holdOff(Credentials credentials) {
    InetAddress address = address(credentials);
    if (address == null) {
      return false;
    }
    Bursts<Suspect> connects = connectsOfClients;
    if (connects != null) {
      Suspect client =
          suspect(Kind.CLIENT_ID, Network.source(address), credentials, credentials.clientId());
      if (connects.isTooOften(client)) {
        begin(client, credentials, connects);
      }
    }
    return turnAway(credentials);
  }

  /** Whether a client is held off now; if so, it is refused because of that. */
  boolean turnAway(Credentials credentials) {
    boolean held = isHeldOff(credentials);
    if (held) {
      turnedAway.increment();
    }
    return held;
  }

  /** Whether a client is held off now. */
  boolean isHeldOff(Credentials credentials) {
    InetAddress address = address(credentials);
    if (address == null || (known.isEmpty() && begun.sum() == 0)) {
      return false;
    }
    Network from = Network.source(address);
    return isHeldOff(Suspect.address(from))
        || isHeldOff(suspect(Kind.CLIENT_ID, from, credentials, credentials.clientId()))
        || (credentials.userName() != null
            && isHeldOff(suspect(Kind.USER, from, credentials, credentials.userName())));
  }

  /** Its proof was wrong. */
  void failed(Credentials credentials) {
    InetAddress address = address(credentials);
    if (address == null) {
      return;
    }
    Network from = Network.source(address);
    Suspect who =
        credentials.userName() == null
            ? suspect(Kind.CLIENT_ID, from, credentials, credentials.clientId())
            : suspect(Kind.USER, from, credentials, credentials.userName());
    Bursts<Suspect> ofUsers = failuresOfUsers;
    if (ofUsers != null && ofUsers.isTooOften(who)) {
      begin(who, credentials, ofUsers);
    }
    Suspect all = Suspect.address(from);
    Bursts<Suspect> ofAddresses = failuresOfAddresses;
    if (ofAddresses != null && !namesOfAddresses.isTooOften(who) && ofAddresses.isTooOften(all)) {
      begin(all, credentials, ofAddresses);
    }
  }

  private @Nullable InetAddress address(Credentials credentials) {
    InetAddress address =
        credentials.peer() instanceof InetSocketAddress inet ? inet.getAddress() : null;
    return address != null && terms.areFor(address) ? address : null;
  }

  private static Suspect suspect(Kind kind, Network from, Credentials credentials, String name) {
    return new Suspect(kind, from, credentials.namespace(), name);
  }

  private void begin(Suspect suspect, Credentials credentials, Bursts<Suspect> counted) {
    long now = clock.millis();
    HoldOff holdOff = new HoldOff(now, now + terms.duration().toMillis());
    counted.forget(suspect);
    found.put(suspect, holdOff);
    if (isBy(pardons, suspect, holdOff)) { // it was said meanwhile
      found.invalidate(suspect);
      return;
    }
    begun.increment();
    witnesses.forEach(witness -> witness.heldOff(suspect, credentials, holdOff));
  }

  private boolean isHeldOff(Suspect suspect) {
    return lasts(found.getIfPresent(suspect)) || lasts(known.get(suspect));
  }

  private boolean lasts(@Nullable HoldOff holdOff) {
    return holdOff != null && !holdOff.hasEnded(clock.millis());
  }

  /** How many CONNECTs were refused. */
  public long turnedAway() {
    return turnedAway.sum();
  }

  /** How many this gateway has found. */
  public long begun() {
    return begun.sum();
  }

  /** How many of those that this gateway knew of were over because of a pardon. */
  public long takenBack() {
    return takenBack.sum();
  }
}
