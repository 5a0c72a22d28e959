package io.vmqtt.cluster.loop;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LentTurnsTest {
  private static final String OWN = "test";
  private static final int CAPACITY = 1024;

  private final AtomicLong nanos = new AtomicLong();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final LentTurns turns =
      new LentTurns(OWN, CAPACITY, () -> log.add("end"), registry, nanos::get);

  @AfterEach
  void close() {
    gate.countDown();
    turns.close();
  }

  @Test
  void execute_nothingIsUnderWay_runsOnTheThreadThatBringsIt() {
    turns.execute(this::logThread);

    assertEquals(List.of(Thread.currentThread().getName(), "end"), log);
    assertEquals(1, registry.get("vmqtt.loop.lent").tag("loop", OWN).counter().count());
  }

  @Test
  void execute_taskAddsATask_sameTurn() {
    turns.execute(() -> turns.execute(() -> log.add("inner")));

    assertEquals(List.of("inner", "end"), log);
  }

  @Test
  void execute_whileAnotherThreadRunsTasks_leavesItToThatOne() {
    Thread other = block();
    turns.execute(this::logThread);
    assertTrue(log.isEmpty());

    gate.countDown();

    await().until(() -> log.equals(List.of(other.getName(), "end")));
  }

  @Test
  void execute_moreThanALoan_itsOwnThreadGoesOn() {
    turns.execute(
        () -> {
          for (int i = 0; i < CAPACITY / 2; i++) {
            turns.execute(
                () -> {
                  nanos.addAndGet(TimeUnit.MICROSECONDS.toNanos(10));
                  logThread();
                });
          }
        });

    await().until(() -> log.stream().filter(entry -> !entry.equals("end")).count() == CAPACITY / 2);
    assertEquals(Thread.currentThread().getName(), log.getFirst());
    assertEquals(List.of(OWN, "end"), log.subList(log.size() - 2, log.size()));
    long lent = log.stream().filter(Thread.currentThread().getName()::equals).count();
    assertTrue(lent < CAPACITY / 4, () -> lent + " on a thread that was lent");
  }

  @Test
  void execute_lendersGaveMuchOfTheirTime_itsOwnThreadDoesIt_untilThereIsLittleAgain() {
    for (int i = 0; i < 2; i++) {
      turns.execute(() -> nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1)));
    }
    log.clear();

    turns.execute(this::logThread);

    await().until(() -> log.equals(List.of(OWN, "end")));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    await()
        .until(
            () -> {
              log.clear();
              turns.execute(this::logThread);
              return log.equals(List.of(Thread.currentThread().getName(), "end"));
            });
  }

  @Test
  void execute_byManyThreads_allRunOneAtATime_thoseOfAThreadInOrder() throws Exception {
    int threads = 8;
    int each = 20_000;
    LentTurns busy = new LentTurns("busy", 1 << 20, () -> {}, new SimpleMeterRegistry());
    List<List<Integer>> ran = new ArrayList<>(); // plain lists: of whoever runs turns
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      List<Integer> mine = new ArrayList<>();
      ran.add(mine);
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 0; n < each; n++) {
                      int number = n;
                      busy.execute(() -> mine.add(number));
                    }
                  }));
    }
    for (Thread caller : callers) {
      caller.join();
    }

    busy.close();

    for (List<Integer> one : ran) {
      assertEquals(each, one.size());
      for (int n = 0; n < each; n++) {
        assertEquals(n, one.get(n));
      }
    }
  }

  @Test
  void execute_taskFails_theOthersAndTheEndRunAllTheSame() {
    turns.execute(
        () -> {
          turns.execute(() -> log.add("task"));
          throw new IllegalStateException("a bug in a task");
        });

    assertEquals(List.of("task", "end"), log);
  }

  @Test
  void execute_asManyWaitAsMay_refusesAndKeepsTheOthers() {
    Thread _ = block();
    for (int i = 0; i < CAPACITY; i++) {
      turns.execute(() -> log.add("task"));
    }
    assertEquals(CAPACITY, registry.get("vmqtt.loop.tasks").tag("loop", OWN).gauge().value());

    assertThrows(RejectedExecutionException.class, () -> turns.execute(() -> {}));

    gate.countDown();
    await().until(() -> Collections.frequency(log, "task") == CAPACITY);
  }

  @Test
  void close_tasksWait_runsThemAndTakesNoMore() {
    Thread other = block();
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      turns.execute(ran::incrementAndGet);
    }
    Thread closer = Thread.ofPlatform().start(turns::close);
    await().until(this::refusesTasks);
    assertTrue(closer.isAlive(), "waits for who is at it");

    gate.countDown();

    await().until(() -> !closer.isAlive() && !other.isAlive());
    assertEquals(100, ran.get());
    await().until(() -> !own().isAlive());
  }

  @Test
  void close_whileAnotherDoesNotEnd_returnsAfterAWhile() {
    Thread _ = block();
    Thread closer = Thread.ofPlatform().start(turns::close);
    await().until(this::refusesTasks);

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));

    await().until(() -> !closer.isAlive());
    assertFalse(log.contains("end"));
  }

  private Thread own() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(OWN))
        .findAny()
        .orElse(new Thread());
  }

  private boolean refusesTasks() {
    try {
      turns.execute(() -> {});
      return false;
    } catch (RejectedExecutionException e) {
      return true;
    }
  }

  private void logThread() {
    log.add(Thread.currentThread().getName());
  }

  /** Has another thread run a task until the gate opens. */
  private Thread block() {
    CountDownLatch running = new CountDownLatch(1);
    Thread other =
        Thread.ofPlatform()
            .name("other")
            .start(
                () ->
                    turns.execute(
                        () -> {
                          running.countDown();
                          try {
                            gate.await();
                          } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                          }
                        }));
    try {
      running.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return other;
  }
}
