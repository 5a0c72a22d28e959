package io.vmqtt.gateway.access.outside;

import io.vmqtt.gateway.access.Answers;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Complaints;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.OutsideTally.Outcome;
import io.vmqtt.gateway.access.outside.OutsideTally.Refusal;
import io.vmqtt.model.ReasonCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody outside of this process who is asked about clients. The one way to do so, whatever the
 * protocol: so many questions at once, {@value #MOST_WAITING} more wait for their turn, half as
 * many of one address; each has an end; and after failures there is a pause. A client whose
 * question is not answered is not let in: beyond those who wait the server is busy, without an
 * answer it is unavailable.
 *
 * <p>Questions may block: they have threads of their own, which are interrupted when the time is
 * over.
 */
public final class Outsider implements AutoCloseable {
  static final int MOST_WAITING = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Outsider.class);
  private static final Optional<Authentication> BUSY =
      Optional.of(new Authentication.Refused(ReasonCode.SERVER_BUSY));
  private static final Optional<Authentication> UNAVAILABLE =
      Optional.of(new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE));

  private final String name;
  private final Duration timeout;
  private final OutsideTally tally;
  private final LongSupplier nanoClock;
  private final Breaker breaker = new Breaker();
  private final CredentialChecks threads;
  private final ScheduledThreadPoolExecutor ends;
  private final Complaints complaints;

  /**
   * Nobody is asked yet.
   *
   * @param name for people
   * @param atOnce how many questions may be under way
   * @param timeout from the beginning of a question, not counting its wait for its turn
   */
  public Outsider(
      String name, int atOnce, Duration timeout, OutsideTally tally, LongSupplier nanoClock) {
    this(name, atOnce, timeout, tally, nanoClock, virtualThreads(name));
  }

  /** The same on threads of another kind. */
  public Outsider(
      String name,
      int atOnce,
      Duration timeout,
      OutsideTally tally,
      LongSupplier nanoClock,
      ThreadFactory factory) {
    this.name = name;
    this.timeout = timeout;
    this.tally = tally;
    this.nanoClock = nanoClock;
    complaints =
        new Complaints(nanoClock, why -> log.warn("{} {}; its client is refused", name, why));
    threads = new CredentialChecks(atOnce, MOST_WAITING, factory);
    ends =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name(name + "-ends").daemon().factory());
    ends.setRemoveOnCancelPolicy(true);
  }

  /** For questions that wait, and do nothing else. */
  public static ThreadFactory virtualThreads(String name) {
    return Thread.ofVirtual().name(name + '-', 1).factory();
  }

  /**
   * Asks, and has the answer judged. What nobody waits for any more is not asked.
   *
   * @param question runs on a thread that may wait; an exception means that there is no answer
   * @param judge what the answer says of the client; may find out later, too
   */
  public <T> CompletableFuture<Optional<Authentication>> ask(
      Credentials by,
      Callable<T> question,
      Function<T, CompletableFuture<Optional<Authentication>>> judge) {
    Inquiry<T> inquiry = new Inquiry<>(question, judge);
    if (!threads.submit(by.peer(), inquiry::begin)) {
      tally.refused(Refusal.FULL);
      return CompletableFuture.completedFuture(BUSY);
    }
    return inquiry.verdict;
  }

  /** The same where the answer says at once who the client is. */
  public CompletableFuture<Optional<Authentication>> ask(
      Credentials by, Callable<Optional<Authentication>> question) {
    return ask(by, question, CompletableFuture::completedFuture);
  }

  private void answered() {
    if (breaker.answered()) {
      log.info("{} answers again", name);
    }
  }

  private void failed(long now, String why) {
    if (breaker.failed(now)) {
      log.warn("{} does not answer: {}; clients are refused meanwhile", name, why);
    }
  }

  /** How many questions wait for their turn. */
  public int waiting() {
    return threads.waiting();
  }

  /** No more questions; those under way are interrupted. */
  @Override
  public void close() {
    threads.close();
    ends.shutdownNow();
  }

  /** One question, and what is to become of it. */
  private final class Inquiry<T> extends FutureTask<T> {
    final CompletableFuture<Optional<Authentication>> verdict = new CompletableFuture<>();
    private final Function<T, CompletableFuture<Optional<Authentication>>> judge;
    private long begunNanos;

    Inquiry(Callable<T> question, Function<T, CompletableFuture<Optional<Authentication>>> judge) {
      super(question);
      this.judge = judge;
    }

    void begin() {
      if (verdict.isDone()) {
        return;
      }
      begunNanos = nanoClock.getAsLong();
      if (!breaker.lets(begunNanos)) {
        tally.refused(Refusal.DOWN);
        verdict.complete(UNAVAILABLE);
        return;
      }
      tally.begun();
      Future<?> end = ends.schedule(() -> cancel(true), timeout.toNanos(), TimeUnit.NANOSECONDS);
      run();
      end.cancel(false);
    }

    /** By the thread that asks, or, when the time is over, by the one that says so. */
    @Override
    protected void done() {
      long now = nanoClock.getAsLong();
      switch (state()) {
        case SUCCESS -> {
          tally.ended(Outcome.ANSWERED, now - begunNanos);
          answered();
          pass(judge.apply(resultNow()));
        }
        case FAILED -> {
          tally.ended(Outcome.FAILED, now - begunNanos);
          if (exceptionNow() instanceof StrangeAnswerException strange) {
            answered();
            complaints.add(String.valueOf(strange.getMessage()));
          } else {
            failed(now, exceptionNow().toString());
          }
          verdict.complete(UNAVAILABLE);
        }
        case CANCELLED -> {
          tally.ended(Outcome.TIMED_OUT, now - begunNanos);
          failed(now, "no answer in time");
          verdict.complete(UNAVAILABLE);
        }
        case RUNNING -> throw new IllegalStateException("a question is done and under way");
      }
    }

    /** Whoever no longer waits for the verdict needs nothing that it waits for either. */
    private void pass(CompletableFuture<Optional<Authentication>> judged) {
      var _ =
          judged.whenComplete(
              (known, failure) -> {
                if (failure == null) {
                  verdict.complete(known);
                } else {
                  verdict.completeExceptionally(failure);
                }
              });
      Answers.waitsFor(verdict, judged);
    }
  }
}
