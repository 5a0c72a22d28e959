package io.vmqtt.systemtests.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.process.ClusterProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * How long it takes until something that was said holds at every gateway: as a rule, a second. That
 * is what most of some rounds have to keep to, beside what a machine takes that has other things to
 * do: of that, a question to the registry, which it asks all processes, tells.
 */
final class Promptness {
  private static final int ROUNDS = 5;
  private static final Duration AS_A_RULE = Duration.ofSeconds(1);

  /** About so many steps as large as that question there are between file and gateway. */
  private static final int STEPS = 4;

  private Promptness() {}

  /**
   * Measures.
   *
   * @param say says something, in a round of that number
   * @param await returns when that holds everywhere
   */
  static void assertAsARule(
      ClusterProcesses cluster, String what, IntConsumer say, IntConsumer await) {
    List<Duration> took = new ArrayList<>();
    List<Duration> steps = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      int round = i;
      steps.add(time(cluster::status));
      say.accept(round);
      took.add(time(() -> await.accept(round)));
    }
    Duration usual = median(took);
    Duration step = median(steps);
    System.out.println(what + " everywhere after " + took + ", a question takes " + step);
    assertTrue(
        usual.compareTo(AS_A_RULE.plus(step.multipliedBy(STEPS))) < 0,
        () -> what + " everywhere after " + usual + ", where a question takes " + step);
  }

  private static Duration time(Runnable work) {
    long from = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - from);
  }

  private static Duration median(List<Duration> all) {
    return all.stream().sorted().skip(all.size() / 2).findFirst().orElseThrow();
  }
}
