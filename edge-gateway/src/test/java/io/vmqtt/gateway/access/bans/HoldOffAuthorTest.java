package io.vmqtt.gateway.access.bans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.HeldOff;
import io.vmqtt.cluster.bans.HeldOffFact;
import io.vmqtt.cluster.bans.HoldOff;
import io.vmqtt.cluster.bans.Network;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.cluster.bans.Pardons;
import io.vmqtt.cluster.bans.Suspect;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.facts.Fact;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HoldOffAuthorTest {
  private static final Suspect ONE = Suspect.address(Network.of("203.0.113.1"));
  private static final Suspect TWO = Suspect.address(Network.of("203.0.113.2"));

  private long millis = 1_000;
  private final EmbeddedClusterFacts facts = new EmbeddedClusterFacts(Runnable::run);
  private final Counting fact = new Counting(facts.of(HeldOffFact.HELD_OFF));
  private Pardons pardons = Pardons.NONE;
  private final HoldOffAuthor author =
      new HoldOffAuthor(fact, () -> pardons, () -> Instant.ofEpochMilli(millis));
  private @Nullable HeldOff latest;

  /** The fact of the cluster, which counts writes, and may be out of reach. */
  private static final class Counting implements Fact<HeldOff> {
    private final Fact<HeldOff> fact;
    int replaced;
    boolean outOfReach;
    Runnable before = () -> {};

    Counting(Fact<HeldOff> fact) {
      this.fact = fact;
    }

    @Override
    public Registration watch(Consumer<HeldOff> listener) {
      return fact.watch(listener);
    }

    @Override
    public HeldOff create(HeldOff proposed) throws IOException {
      if (outOfReach) {
        throw new IOException("out of reach");
      }
      return fact.create(proposed);
    }

    @Override
    public boolean replace(HeldOff inForce, HeldOff next) throws IOException {
      before.run();
      replaced++;
      return fact.replace(inForce, next);
    }
  }

  @AfterEach
  void close() {
    author.close();
    facts.close();
  }

  private Set<Suspect> known() {
    var _ = fact.watch(heldOff -> latest = heldOff);
    return present(latest).all().keySet();
  }

  private static HoldOff until(long millis) {
    return new HoldOff(0, millis);
  }

  private static HeldOff present(@Nullable HeldOff fact) {
    assertNotNull(fact);
    return fact;
  }

  @Test
  void write_many_isOneWriteForAll() {
    author.add(ONE, until(9_000));
    author.write();
    author.add(TWO, until(9_000));
    author.add(ONE, until(9_500));
    assertEquals(2, author.unwritten());

    author.write();
    author.write();

    assertEquals(Set.of(ONE, TWO), known());
    assertEquals(1, fact.replaced, "the first one was created, and nothing is written for nothing");
    assertEquals(0, author.unwritten());
  }

  @Test
  void write_whileOthersDo_keepsWhatTheyHaveWritten() throws IOException {
    HeldOff others =
        fact.create(HeldOff.NONE.with(Map.of(TWO, until(9_000)), Pardons.NONE, millis));
    author.add(ONE, until(9_000));
    fact.before =
        () -> {
          fact.before = () -> {};
          try {
            fact.replace(others, others.with(Map.of(TWO, until(9_500)), Pardons.NONE, millis));
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        };

    author.write();

    assertEquals(Set.of(ONE, TWO), known());
    assertEquals(until(9_500), present(latest).all().get(TWO));
  }

  /** Of a gateway that holds off for longer, from before the pardon. */
  @Test
  void write_whereALongerOneWasPardoned_othersHearOfTheNewOne() throws IOException {
    var _ =
        fact.create(HeldOff.NONE.with(Map.of(ONE, new HoldOff(100, 9_000)), Pardons.NONE, millis));
    Pardon pardon =
        new Pardon(Banned.of("address", "203.0.113.1"), Instant.ofEpochMilli(500), "", "");
    pardons = new Pardons(List.of(pardon));
    HoldOff later = new HoldOff(1_000, 3_000);

    author.add(ONE, later);
    author.write();

    assertEquals(Set.of(ONE), known());
    assertEquals(Map.of(ONE, later), present(latest).without(pardons));
  }

  @Test
  void write_outOfReach_isTriedAgainUntilItsTimeIsOver() {
    fact.outOfReach = true;
    author.add(ONE, until(3_000));
    author.add(TWO, until(2_000));
    author.write();
    assertEquals(2, author.unwritten());

    millis = 2_000;
    fact.outOfReach = false;
    author.write();

    assertEquals(Set.of(ONE), known());
  }

  @Test
  void add_moreThanTheFactTakes_isKnownHereAlone() {
    for (int i = 0; i < HeldOff.MOST + 5; i++) {
      author.add(Suspect.address(Network.of("10.0." + i / 256 + '.' + i % 256)), until(9_000));
    }

    assertEquals(HeldOff.MOST, author.unwritten());
  }
}
