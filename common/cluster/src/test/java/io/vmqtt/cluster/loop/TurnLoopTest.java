package io.vmqtt.cluster.loop;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnLoopTest {
  private static final int CAPACITY = 1024;

  private final List<String> log = new CopyOnWriteArrayList<>();
  private final AtomicInteger turns = new AtomicInteger();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final TurnLoop loop =
      new TurnLoop(
          "test",
          CAPACITY,
          () -> {
            turns.incrementAndGet();
            log.add("end");
          },
          registry);

  @AfterEach
  void close() {
    gate.countDown();
    loop.close();
  }

  @Test
  void execute_oneTask_runsAndThenTheTurnEnds() {
    loop.execute(() -> log.add("task"));

    await().until(() -> log.equals(List.of("task", "end")));
  }

  @Test
  void execute_manyTasksFromOneThread_runInOrder() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String name = "task " + i;
      expected.add(name);
      loop.execute(() -> log.add(name));
    }

    await().until(() -> log.stream().filter(entry -> !entry.equals("end")).count() == 1000);
    assertEquals(expected, log.stream().filter(entry -> !entry.equals("end")).toList());
  }

  @Test
  void turnEnd_tasksWait_runsOnceAfterAllOfThem() {
    block();
    for (int i = 1; i <= 10; i++) {
      String name = "task " + i;
      loop.execute(() -> log.add(name));
    }

    gate.countDown();

    await().until(() -> log.size() == 11);
    assertEquals("task 1", log.getFirst());
    assertEquals("end", log.getLast());
    assertEquals(1, turns.get());
  }

  @Test
  void turnEnd_veryManyTasksWait_doesNotWaitForAllOfThem() {
    block();
    for (int i = 0; i < CAPACITY; i++) {
      loop.execute(() -> log.add("task"));
    }

    gate.countDown();

    await().until(() -> log.stream().filter(entry -> entry.equals("task")).count() == CAPACITY);
    assertTrue(log.indexOf("end") < CAPACITY, "what the first tasks produced leaves earlier");
  }

  @Test
  void execute_taskFails_theOthersAndTheTurnEndRunAllTheSame() {
    block();
    loop.execute(
        () -> {
          throw new IllegalStateException("a bug in a task");
        });
    loop.execute(() -> log.add("task"));

    gate.countDown();

    await().until(() -> log.equals(List.of("task", "end")));
  }

  @Test
  void execute_taskAddsATask_itRunsToo() {
    loop.execute(() -> loop.execute(() -> log.add("inner")));

    await().until(() -> log.contains("inner"));
  }

  @Test
  void execute_asManyWaitAsMay_refusesAndKeepsTheOthers() {
    block();
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < CAPACITY; i++) {
      loop.execute(ran::incrementAndGet);
    }

    assertThrows(RejectedExecutionException.class, () -> loop.execute(ran::incrementAndGet));

    gate.countDown();
    await().until(() -> ran.get() == CAPACITY);
    loop.execute(ran::incrementAndGet);
    await().until(() -> ran.get() == CAPACITY + 1);
  }

  @Test
  void meter_tasksWait_showsHowMany() {
    block();
    loop.execute(() -> {});
    loop.execute(() -> {});

    assertEquals(2, registry.get("vmqtt.loop.tasks").tag("loop", "test").gauge().value());
  }

  @Test
  void isCurrent_onTheLoop_trueThereAlone() {
    AtomicBoolean onLoop = new AtomicBoolean();
    loop.execute(() -> onLoop.set(loop.isCurrent()));

    await().untilTrue(onLoop);
    assertFalse(loop.isCurrent());
  }

  @Test
  void close_tasksWait_runsThemFirst() {
    block();
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      loop.execute(ran::incrementAndGet);
    }
    Thread closer = Thread.ofPlatform().start(loop::close);
    await().until(() -> refusesTasks());

    gate.countDown();

    await().until(() -> !closer.isAlive());
    assertEquals(100, ran.get());
  }

  @Test
  void close_onTheLoopItself_doesNotWaitForItself() {
    loop.execute(loop::close);

    await().until(() -> refusesTasks());
  }

  @Test
  void close_twice_nothingMoreHappens() {
    loop.close();
    loop.close();

    assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}));
  }

  private boolean refusesTasks() {
    try {
      loop.execute(() -> {});
      return false;
    } catch (RejectedExecutionException e) {
      return true;
    }
  }

  /** Keeps the loop busy, in a turn of its own, until the gate opens. */
  private void block() {
    CountDownLatch running = new CountDownLatch(1);
    loop.execute(
        () -> {
          running.countDown();
          try {
            gate.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      running.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
