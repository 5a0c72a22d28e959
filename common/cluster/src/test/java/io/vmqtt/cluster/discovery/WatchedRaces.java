package io.vmqtt.cluster.discovery;

import io.vmqtt.cluster.loop.QueuedTasks;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A value that changes while its listeners are told: in the end each has heard the newest. */
public final class WatchedRaces {
  private WatchedRaces() {}

  /** A listener is being told of the value before. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "the newest value")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a value that was replaced, or none")
  @State
  public static class SetWhileTold {
    private final QueuedTasks tasks = new QueuedTasks();
    private final Watched<Integer> watched = new Watched<>(tasks);
    private final AtomicInteger heard = new AtomicInteger();

    public SetWhileTold() {
      watched.set(1);
      var _ = watched.watch(heard::set);
    }

    @Actor
    public void set() {
      watched.set(2);
    }

    @Actor
    public void tell() {
      tasks.runOne();
    }

    @Arbiter
    public void inTheEnd(I_Result result) {
      tasks.runAll();
      result.r1 = heard.get();
    }
  }

  /** A listener comes. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "the newest value")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a value that was replaced, or none")
  @State
  public static class SetWhileWatched {
    private final QueuedTasks tasks = new QueuedTasks();
    private final Watched<Integer> watched = new Watched<>(tasks);
    private final AtomicInteger heard = new AtomicInteger();

    public SetWhileWatched() {
      watched.set(1);
    }

    @Actor
    public void set() {
      watched.set(2);
    }

    @Actor
    public void watch() {
      var _ = watched.watch(heard::set);
    }

    @Arbiter
    public void inTheEnd(I_Result result) {
      tasks.runAll();
      result.r1 = heard.get();
    }
  }
}
