package io.vmqtt.gateway.access;

import io.vmqtt.model.ReasonCode;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which passwords and tokens are checked: a password is dear to check by intent.
 * Half of the processors, so that whoever guesses does not stop those who are connected. A bounded
 * number of checks waits, and half as many of one address; beyond it clients are told that the
 * server is busy.
 */
public final class CredentialChecks implements AutoCloseable {
  private static final int MOST_WAITING = 1_000;

  private final ThreadPoolExecutor threads;
  private final int mostOfOne;
  private final Map<Object, Integer> waitingOf = new ConcurrentHashMap<>();
  private final LongAdder begun = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /** For a machine with so many processors. */
  public CredentialChecks(int processors) {
    this(Math.max(1, processors / 2), MOST_WAITING);
  }

  /** So many threads, for which so many checks may wait. */
  public CredentialChecks(int count, int mostWaiting) {
    this(count, mostWaiting, Thread.ofPlatform().name("credentials-", 1).daemon().factory());
  }

  /** The same with threads of another kind, for checks that wait for somebody. */
  public CredentialChecks(int count, int mostWaiting, ThreadFactory factory) {
    mostOfOne = Math.max(1, mostWaiting / 2);
    threads =
        new ThreadPoolExecutor(
            count, count, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(mostWaiting), factory);
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Has credentials checked; where too many wait, the answer is that the server is busy. What
   * nobody waits for any more is not checked.
   */
  public CompletableFuture<Optional<Authentication>> check(
      Credentials credentials, Supplier<Optional<Authentication>> check) {
    return check(credentials, Optional::empty, check);
  }

  /**
   * The same, unless the answer is known. That is looked at again when the turn comes: of a crowd
   * that shows one user's password at once, the first then has it checked for all.
   *
   * @param known the answer, where no check is needed for it; empty where one is. Takes no time
   */
  public CompletableFuture<Optional<Authentication>> check(
      Credentials credentials,
      Supplier<Optional<Authentication>> known,
      Supplier<Optional<Authentication>> check) {
    Optional<Authentication> before = known.get();
    if (before.isPresent()) {
      return CompletableFuture.completedFuture(before);
    }
    return run(
        credentials.peer(),
        () -> known.get().or(() -> begin(check)),
        Optional.of(new Authentication.Refused(ReasonCode.SERVER_BUSY)));
  }

  private Optional<Authentication> begin(Supplier<Optional<Authentication>> check) {
    begun.increment();
    return check.get();
  }

  /**
   * Has something found out, unless nobody waits for it any more when its turn comes.
   *
   * @param from where the client comes from for whom it is
   * @param busy the answer where too many wait
   */
  public <T> CompletableFuture<T> run(@Nullable SocketAddress from, Supplier<T> work, T busy) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    boolean begins =
        submit(
            from,
            () -> {
              if (!answer.isDone()) {
                answer.completeAsync(work, Runnable::run);
              }
            });
    return begins ? answer : CompletableFuture.completedFuture(busy);
  }

  /**
   * Has a check run; false: too many wait.
   *
   * @param from where its client comes from
   */
  public boolean submit(@Nullable SocketAddress from, Runnable check) {
    Object source =
        from instanceof InetSocketAddress address && address.getAddress() != null
            ? address.getAddress()
            : "";
    if (waitingOf.merge(source, 1, Integer::sum) <= mostOfOne) {
      try {
        threads.execute(
            () -> {
              waitsNoMore(source);
              check.run();
            });
        return true;
      } catch (RejectedExecutionException _) {
        // They are too many together.
      }
    }
    waitsNoMore(source);
    refused.increment();
    return false;
  }

  private void waitsNoMore(Object source) {
    waitingOf.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
  }

  /** How many checks wait for a thread. */
  public int waiting() {
    return threads.getQueue().size();
  }

  /** How many credentials were checked, or are just now: not those whose answer was known. */
  public long begun() {
    return begun.sum();
  }

  /** How many were refused because too many waited. */
  public long refused() {
    return refused.sum();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
