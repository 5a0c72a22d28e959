package io.vmqtt.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.simulation.cluster.Flaw;
import io.vmqtt.testkit.conformance.Conforms;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster through hundreds of schedules of faults, a few milliseconds each. Longer rounds:
 * {@code mvnw test -pl testing/simulation -am -Dvmqtt.simulation.schedules=100000}.
 */
class SimulationTest {
  private static final Logger log = LoggerFactory.getLogger(SimulationTest.class);
  private static final long FIRST_SEED = Long.getLong("vmqtt.simulation.seed", 1);
  private static final long SCHEDULES = Long.getLong("vmqtt.simulation.schedules", 500);
  private static final int MOST_SHOWN = 3;

  @Test
  @Conforms(v5 = {"MQTT-4.5.0-1", "MQTT-4.6.0-5"})
  void randomSchedules_breakNoPromise() {
    long began = System.nanoTime();
    AtomicLong messages = new AtomicLong();
    Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    List<String> failures =
        LongStream.range(FIRST_SEED, FIRST_SEED + SCHEDULES)
            .parallel()
            .mapToObj(
                seed -> {
                  Schedule schedule = new Schedule(seed, Flaw.NONE);
                  String failure = failureOf(seed, schedule);
                  messages.addAndGet(schedule.messages());
                  synchronized (faults) {
                    schedule.counts().forEach((fault, n) -> faults.merge(fault, n, Integer::sum));
                  }
                  return failure;
                })
            .filter(failure -> !failure.isEmpty())
            .toList();
    log.info(
        "{} schedules in {} s, {} messages, faults {}",
        SCHEDULES,
        Duration.ofNanos(System.nanoTime() - began).toSeconds(),
        messages,
        faults);
    assertTrue(
        failures.isEmpty(),
        () ->
            failures.size()
                + " schedules failed:\n"
                + String.join("\n\n", failures.subList(0, Math.min(MOST_SHOWN, failures.size()))));
  }

  /** Empty if there is none. */
  private static String failureOf(long seed, Schedule schedule) {
    ErrorLog errors = ErrorLog.ofThisThread();
    try {
      schedule.run();
      assertEquals(List.of(), errors.taken(), "errors in the log");
      return "";
    } catch (RuntimeException | AssertionError e) {
      return "seed " + seed + ", faults " + schedule.faults() + ": " + e + errors.taken();
    }
  }

  @Test
  void sameSeed_sameTranscript() {
    Schedule one = new Schedule(FIRST_SEED, Flaw.NONE);
    Schedule other = new Schedule(FIRST_SEED, Flaw.NONE);

    one.run();
    other.run();

    assertEquals(one.transcript(), other.transcript());
  }

  @Test
  void logThatAcknowledgesBeforeCommit_isFoundOut() {
    assertFoundOut(Flaw.ACKNOWLEDGES_BEFORE_COMMIT, "NoAcknowledgedMessageLost");
  }

  /** It is enough for a kill, which leaves what was written, but not where all lose their power. */
  @Test
  void logThatAcknowledgesBeforeSync_isFoundOut() {
    assertFoundOut(Flaw.ACKNOWLEDGES_BEFORE_SYNC, "NoAcknowledgedMessageLost");
  }

  @Test
  void readsOfWhatWasBefore_areFoundOut() {
    assertFoundOut(Flaw.READS_WHAT_WAS_BEFORE, "RetainedNeverGoesBack");
    assertFoundOut(Flaw.READS_WHAT_WAS_BEFORE, "NewcomerHearsTheLast");
  }

  @Test
  void replicaThatLosesChanges_isFoundOut() {
    assertFoundOut(Flaw.LOSES_CHANGES, "replicas of shard");
  }

  private static void assertFoundOut(Flaw flaw, String invariant) {
    boolean found =
        LongStream.range(0, 200)
            .anyMatch(seed -> failureOf(seed, new Schedule(seed, flaw)).contains(invariant));

    assertTrue(found, () -> "no schedule found a cluster out that " + flaw);
  }
}
