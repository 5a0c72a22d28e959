package io.vmqtt.gateway.access.outside;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.OutsideTally.Outcome;
import io.vmqtt.gateway.access.outside.OutsideTally.Refusal;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutsiderTest {
  private static final Optional<Authentication> UNKNOWN = Optional.empty();
  private static final Optional<Authentication> UNAVAILABLE =
      Optional.of(new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE));
  private static final Optional<Authentication> BUSY =
      Optional.of(new Authentication.Refused(ReasonCode.SERVER_BUSY));
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Queue<Object> told = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final CountDownLatch end = new CountDownLatch(1);
  private Outsider outsider = outsider(2, LONG);

  private Outsider outsider(int atOnce, Duration timeout) {
    return new Outsider(
        "somebody",
        atOnce,
        timeout,
        new OutsideTally() {
          @Override
          public void begun() {
            underWay.incrementAndGet();
          }

          @Override
          public void ended(Outcome outcome, long took) {
            underWay.decrementAndGet();
            told.add(outcome);
          }

          @Override
          public void refused(Refusal why) {
            told.add(why);
          }
        },
        nanos::get);
  }

  @AfterEach
  void close() {
    end.countDown();
    outsider.close();
  }

  @Test
  void ask_answers_isJudged() {
    assertEquals(
        BUSY,
        outsider
            .ask(from(1), () -> "too much", _ -> CompletableFuture.completedFuture(BUSY))
            .join());
    assertEquals(List.of(Outcome.ANSWERED), List.copyOf(told));
  }

  @Test
  void ask_fails_isUnavailable() {
    assertEquals(UNAVAILABLE, ask(failing()).join());
    assertEquals(List.of(Outcome.FAILED), List.copyOf(told));
  }

  @Test
  void ask_takesTooLong_isUnavailableAndItsThreadIsFree() {
    outsider.close();
    outsider = outsider(1, Duration.ofMillis(20));

    assertEquals(UNAVAILABLE, ask(this::hold).join());
    assertEquals(UNKNOWN, ask(() -> UNKNOWN).join());
    assertEquals(List.of(Outcome.TIMED_OUT, Outcome.ANSWERED), List.copyOf(told));
    assertEquals(0, underWay.get());
  }

  @Test
  void ask_moreThanAtOnce_wait() {
    List<CompletableFuture<Optional<Authentication>>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      answers.add(ask(this::hold));
    }
    await().until(() -> underWay.get() == 2);
    await().until(() -> outsider.waiting() == 3);

    end.countDown();
    answers.forEach(answer -> assertEquals(UNKNOWN, answer.join()));
  }

  @Test
  void ask_tooManyWait_isBusyAndNobodyElsesAddressIs() {
    var _ = ask(this::hold);
    var _ = ask(this::hold);
    await().until(() -> underWay.get() == 2);
    for (int i = 0; i < Outsider.MOST_WAITING / 2; i++) {
      assertFalse(ask(() -> UNKNOWN).isDone());
    }

    assertEquals(BUSY, ask(() -> UNKNOWN).join());
    assertEquals(List.of(Refusal.FULL), List.copyOf(told));
    assertFalse(outsider.ask(from(2), () -> UNKNOWN).isDone());
  }

  @Test
  void ask_nobodyWaitsForItAnyMore_isNotAsked() {
    AtomicInteger asked = new AtomicInteger();
    var _ = ask(this::hold);
    var _ = ask(this::hold);
    assertTrue(
        ask(() -> {
              asked.incrementAndGet();
              return UNKNOWN;
            })
            .cancel(false));
    end.countDown();

    assertEquals(UNKNOWN, ask(() -> UNKNOWN).join());
    assertEquals(0, asked.get());
  }

  @Test
  void ask_nobodyWaitsForTheVerdictAnyMore_endsWhatItWaitsFor() {
    CompletableFuture<Optional<Authentication>> later = new CompletableFuture<>();
    CountDownLatch judged = new CountDownLatch(1);
    CompletableFuture<Optional<Authentication>> verdict =
        outsider.ask(
            from(1),
            () -> "somebody",
            _ -> {
              judged.countDown();
              return later;
            });
    await().until(() -> judged.getCount() == 0);

    verdict.cancel(false);

    await().until(later::isCancelled);
  }

  @Test
  void ask_failsAgainAndAgain_isNotAskedUntilAPauseIsOver() {
    for (int i = 0; i < Breaker.MOST_FAILURES; i++) {
      assertEquals(UNAVAILABLE, ask(failing()).join());
    }
    told.clear();

    assertEquals(UNAVAILABLE, ask(() -> UNKNOWN).join());
    assertEquals(List.of(Refusal.DOWN), List.copyOf(told));

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(Breaker.OPEN_SECONDS));
    assertEquals(UNKNOWN, ask(() -> UNKNOWN).join());
    assertEquals(UNKNOWN, ask(() -> UNKNOWN).join());
  }

  /** Whoever finds out how to get one must not shut out everybody else. */
  @Test
  void ask_strangeAnswers_shutOutNobodyElse() {
    for (int i = 0; i < 2 * Breaker.MOST_FAILURES; i++) {
      assertEquals(
          UNAVAILABLE,
          ask(() -> {
                throw new StrangeAnswerException("answers strangely");
              })
              .join());
    }

    assertEquals(UNKNOWN, ask(() -> UNKNOWN).join());
  }

  /** Whoever finds out how to get two must not fill the log. */
  @Test
  void ask_strangeAnswersInTurn_oneLineInAMinute() {
    Logger log = (Logger) LoggerFactory.getLogger(Outsider.class);
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    log.addAppender(said);
    try {
      for (int i = 0; i < 100; i++) {
        answerStrangely("answers in way " + i % 2);
      }
      assertEquals(1, said.list.size());

      nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
      answerStrangely("answers in way 1");
      answerStrangely("answers in way 0");
      assertEquals(2, said.list.size());

      nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
      answerStrangely("answers in way 1");
      assertEquals(2, said.list.size(), "that is known");
    } finally {
      log.detachAppender(said);
    }
  }

  private void answerStrangely(String how) {
    assertEquals(
        UNAVAILABLE,
        ask(() -> {
              throw new StrangeAnswerException(how);
            })
            .join());
  }

  private CompletableFuture<Optional<Authentication>> ask(
      Callable<Optional<Authentication>> question) {
    return outsider.ask(from(1), question);
  }

  private static Callable<Optional<Authentication>> failing() {
    return () -> {
      throw new IOException("nobody there");
    };
  }

  private Optional<Authentication> hold() throws InterruptedException {
    end.await();
    return UNKNOWN;
  }

  private static Credentials from(int host) {
    return new Credentials(
        Namespace.NAMELESS, "c", "anna", null, new InetSocketAddress("10.0.0." + host, 4000), null);
  }
}
