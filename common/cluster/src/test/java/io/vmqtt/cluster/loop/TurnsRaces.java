package io.vmqtt.cluster.loop;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Tasks that come while turns begin and end: each is run, and a turn's end follows it. */
public final class TurnsRaces {
  private static final MeterRegistry METERS = new SimpleMeterRegistry();

  private TurnsRaces() {}

  /** Turns that count. What has run before the end of a turn is counted by that, too. */
  static final class CountedTurns {
    final QueuedTasks thread = new QueuedTasks();
    private final SharedTurns turns = new SharedTurns("races", thread, 16, this::turnEnds, METERS);

    // Plain: of the one thread that runs turns.
    private int ran;
    private int ended;

    void execute() {
      turns.execute(() -> ran++);
    }

    private void turnEnds() {
      ended = ran;
    }

    void tell(II_Result result) {
      thread.runAll();
      result.r1 = ran;
      result.r2 = ended;
    }
  }

  /** A turn is under way. */
  @JCStressTest
  @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both tasks, and an end behind them")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a task, or the end behind it, is missing")
  @State
  public static class ExecuteInATurn {
    private final CountedTurns turns = new CountedTurns();

    public ExecuteInATurn() {
      turns.execute();
    }

    @Actor
    public void execute() {
      turns.execute();
    }

    @Actor
    public void turn() {
      turns.thread.runOne();
    }

    @Arbiter
    public void inTheEnd(II_Result result) {
      turns.tell(result);
    }
  }

  /** Nothing is under way, and two come. */
  @JCStressTest
  @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both tasks, and an end behind them")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a task, or the end behind it, is missing")
  @State
  public static class ExecuteByTwo {
    private final CountedTurns turns = new CountedTurns();

    @Actor
    public void execute() {
      turns.execute();
    }

    @Actor
    public void executeAnother() {
      turns.execute();
    }

    @Arbiter
    public void inTheEnd(II_Result result) {
      turns.tell(result);
    }
  }

  /** A loop with a thread of its own, which others keep busy. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both tasks, once")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a task is missing, or came twice")
  @State
  public static class ExecuteOnALoop {
    private static final TurnLoop LOOP = new TurnLoop("races", 1 << 22, () -> {}, METERS);

    // Plain: of the loop's thread, until it has been waited for.
    private int one;
    private int other;

    @Actor
    public void execute() {
      LOOP.execute(() -> one++);
    }

    @Actor
    public void executeAnother() {
      LOOP.execute(() -> other++);
    }

    @Arbiter
    public void inTheEnd(II_Result result) {
      CompletableFuture.runAsync(() -> {}, LOOP).orTimeout(10, TimeUnit.SECONDS).join();
      result.r1 = one;
      result.r2 = other;
    }
  }
}
