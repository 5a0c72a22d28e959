package io.vmqtt.cluster.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SharedTurnsTest {
  private static final int CAPACITY = 128;

  private final List<String> log = new ArrayList<>();
  private final Queue<Runnable> thread = new ArrayDeque<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SharedTurns turns =
      new SharedTurns("test", thread::add, CAPACITY, () -> log.add("end"), registry);
  private @Nullable SharedTurns target;

  @Test
  void execute_severalTasks_oneTurnWithOneEnd() {
    turns.execute(() -> log.add("a"));
    turns.execute(() -> log.add("b"));
    assertEquals(1, thread.size(), "the thread is asked once");

    runThread();

    assertEquals(List.of("a", "b", "end"), log);
  }

  @Test
  void execute_taskAddsATask_sameTurn() {
    turns.execute(() -> turns.execute(() -> log.add("inner")));

    runThread();

    assertEquals(List.of("inner", "end"), log);
  }

  @Test
  void execute_turnEndAddsATask_anotherTurn() {
    SharedTurns again =
        new SharedTurns("again", thread::add, CAPACITY, this::addOnce, new SimpleMeterRegistry());
    target = again;
    again.execute(() -> log.add("first"));

    runThread();

    assertEquals(List.of("first", "second"), log);
  }

  private void addOnce() {
    SharedTurns to = target;
    target = null;
    if (to != null) {
      to.execute(() -> log.add("second"));
    }
  }

  @Test
  void execute_veryManyTasksWait_othersOfTheThreadGetTheirTurn() {
    for (int i = 0; i < CAPACITY; i++) {
      turns.execute(() -> log.add("task"));
    }
    thread.add(() -> log.add("other"));

    runThread();

    assertEquals(CAPACITY, Collections.frequency(log, "task"));
    assertEquals("task", log.get(log.indexOf("other") + 1), "it did not wait for all");
  }

  @Test
  void execute_asManyWaitAsMay_refusesAndKeepsTheOthers() {
    for (int i = 0; i < CAPACITY; i++) {
      turns.execute(() -> log.add("task"));
    }
    assertEquals(CAPACITY, registry.get("vmqtt.loop.tasks").tag("loop", "test").gauge().value());

    assertThrows(RejectedExecutionException.class, () -> turns.execute(() -> {}));

    runThread();
    assertEquals(CAPACITY, Collections.frequency(log, "task"));
    turns.execute(() -> log.add("later"));
    runThread();
    assertEquals("later", log.get(log.size() - 2));
  }

  @Test
  void execute_taskFails_theOthersAndTheEndRunAllTheSame() {
    turns.execute(
        () -> {
          throw new IllegalStateException("a bug in a task");
        });
    turns.execute(() -> log.add("task"));

    runThread();

    assertEquals(List.of("task", "end"), log);
  }

  @Test
  void close_tasksWait_runsThemAndTakesNoMore() {
    try (ExecutorService own = Executors.newSingleThreadExecutor()) {
      SharedTurns closing =
          new SharedTurns("closing", own, CAPACITY, () -> {}, new SimpleMeterRegistry());
      List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < CAPACITY; i++) {
        int number = i;
        closing.execute(() -> ran.add(number));
      }

      closing.close();

      assertEquals(CAPACITY, ran.size());
      assertThrows(RejectedExecutionException.class, () -> closing.execute(() -> {}));
    }
  }

  @Test
  void close_threadHasEnded_returns() {
    SharedTurns orphan =
        new SharedTurns(
            "orphan",
            task -> {
              throw new RejectedExecutionException("ended");
            },
            CAPACITY,
            () -> {},
            new SimpleMeterRegistry());

    orphan.close();

    assertThrows(RejectedExecutionException.class, () -> orphan.execute(() -> {}));
  }

  private void runThread() {
    for (Runnable next = thread.poll(); next != null; next = thread.poll()) {
      next.run();
    }
  }
}
