package io.vmqtt.gateway.access.tokens;

import io.vmqtt.gateway.access.outside.HttpCaller;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer of tokens, at an address that says which ones they are now. It is asked
 * when this begins, when what it said is as old as it said that it may be, and when a token names a
 * key that is not there; but never sooner than {@value #LEAST_SECONDS_BETWEEN} seconds after it was
 * asked last. While it does not answer, the keys that it named last hold for a while. Safe from any
 * thread; nobody waits for it but those who ask for it.
 */
public final class IssuerKeys implements AutoCloseable {
  static final long LEAST_SECONDS_BETWEEN = 10;
  static final int MOST_BYTES = 256 << 10;
  static final int MOST_KEYS = 100;

  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
  private static final int OK = 200;
  private static final long LEAST_SECONDS = 60;
  private static final long MOST_SECONDS = 86_400;
  private static final long USUAL_SECONDS = 300;
  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[\\s,])max-age=\"?(\\d{1,18})", Pattern.CASE_INSENSITIVE);

  private final URI uri;
  private final Duration timeout;
  private final long keptNanos;
  private final LongSupplier nanoClock;
  private final ScheduledThreadPoolExecutor looks =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("token-keys-looks").daemon().factory());
  private final HttpCaller caller;
  private volatile @Nullable Known known;

  // Guarded by this.
  private @Nullable CompletableFuture<Boolean> underWay;
  private @Nullable Boolean lastAnswered;
  private long askedNanos;
  private long read;
  private long failed;

  /**
   * What it has said.
   *
   * @param staleNanos when it has to be asked again
   */
  private record Known(SigningKeys keys, long readNanos, long staleNanos) {}

  /**
   * Nobody is asked yet.
   *
   * @param timeout of a question
   * @param kept how long keys hold when they are old and there is no answer
   */
  public IssuerKeys(URI uri, Duration timeout, Duration kept, LongSupplier nanoClock) {
    this.uri = uri;
    this.timeout = timeout;
    this.keptNanos = kept.toNanos();
    this.nanoClock = nanoClock;
    this.caller = new HttpCaller("token-keys", timeout);
    looks.setRemoveOnCancelPolicy(true);
  }

  /**
   * From here on certificates of these authorities alone are good.
   *
   * @param pem certificates in PEM
   * @throws IllegalArgumentException if there are none
   */
  public void authorities(byte[] pem) {
    caller.authorities(pem);
  }

  /** Asks for the first time, and from here on whenever it is time to. */
  public void begin() {
    var _ =
        looks.scheduleWithFixedDelay(
            () -> {
              var _ = look();
            },
            0,
            1,
            TimeUnit.SECONDS);
  }

  /**
   * Asks if it is time to.
   *
   * @return whether it has answered then
   */
  CompletableFuture<Boolean> look() {
    Known now = known;
    return now == null || nanoClock.getAsLong() - now.staleNanos() >= 0
        ? askAgain()
        : CompletableFuture.completedFuture(false);
  }

  /** Those that hold now. */
  SigningKeys present() {
    Known now = known;
    return now == null || nanoClock.getAsLong() - now.staleNanos() > keptNanos
        ? SigningKeys.NONE
        : now.keys();
  }

  /**
   * Has it asked again, unless it was just now.
   *
   * @return whether it has answered, since this was called: what it has not named by then is no
   *     key. That it was just now says nothing of a key that came after that. Not to be cancelled
   */
  synchronized CompletableFuture<Boolean> askAgain() {
    if (underWay != null) {
      return underWay;
    }
    long now = nanoClock.getAsLong();
    if (lastAnswered != null
        && now - askedNanos < TimeUnit.SECONDS.toNanos(LEAST_SECONDS_BETWEEN)) {
      return CompletableFuture.completedFuture(false);
    }
    askedNanos = now;
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    underWay = answered;
    var _ =
        question()
            .whenComplete(
                (response, failure) -> {
                  String complaint = "its answer cannot be read";
                  try {
                    complaint = complaint(response, failure);
                  } finally {
                    answered.complete(ended(complaint));
                  }
                });
    return answered;
  }

  private CompletableFuture<HttpResponse<byte[]>> question() {
    try {
      CompletableFuture<HttpResponse<byte[]>> answer =
          caller
              .client()
              .sendAsync(
                  HttpRequest.newBuilder(uri).header("Accept", "application/json").build(),
                  IssuerKeys::bounded);
      Future<?> end =
          looks.schedule(() -> answer.cancel(true), timeout.toNanos(), TimeUnit.NANOSECONDS);
      return answer.whenComplete((_, _) -> end.cancel(false));
    } catch (RuntimeException e) { // it is closed, or cannot be asked at all
      return CompletableFuture.failedFuture(e);
    }
  }

  private static BodySubscriber<byte[]> bounded(HttpResponse.ResponseInfo answer) {
    return answer.statusCode() == OK
        ? BodySubscribers.limiting(BodySubscribers.ofByteArray(), MOST_BYTES)
        : BodySubscribers.replacing(new byte[0]);
  }

  /** Takes what was said; null: it was keys. */
  private @Nullable String complaint(
      @Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
    if (response == null) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      return cause instanceof CancellationException ? "no answer in time" : String.valueOf(cause);
    }
    try {
      take(response);
      return null;
    } catch (IOException | RuntimeException e) { // the library fails in many ways of its own
      return String.valueOf(e.getMessage());
    }
  }

  private void take(HttpResponse<byte[]> response) throws IOException {
    if (response.statusCode() != OK) {
      throw new IOException("status " + response.statusCode());
    }
    SigningKeys keys = SigningKeys.read(new String(response.body(), StandardCharsets.UTF_8)).open();
    if (keys.count() == 0 || keys.count() > MOST_KEYS) {
      throw new IOException(keys.count() + " keys that are not secret");
    }
    long now = nanoClock.getAsLong();
    known = new Known(keys, now, now + TimeUnit.SECONDS.toNanos(ageSeconds(response)));
  }

  private static long ageSeconds(HttpResponse<?> response) {
    for (String control : response.headers().allValues("Cache-Control")) {
      Matcher age = MAX_AGE.matcher(control);
      if (age.find()) {
        return Math.clamp(Long.parseLong(age.group(1)), LEAST_SECONDS, MOST_SECONDS);
      }
    }
    return USUAL_SECONDS;
  }

  private synchronized boolean ended(@Nullable String complaint) {
    underWay = null;
    boolean before = lastAnswered == null || lastAnswered;
    lastAnswered = complaint == null;
    if (complaint == null) {
      read++;
      if (!before) {
        log.info("keys of tokens can be read again at {}", uri);
      }
    } else {
      failed++;
      if (before && !looks.isShutdown()) {
        log.warn(
            "keys of tokens cannot be read at {}: {}; those of before hold for {}, asked again"
                + " every {} s",
            uri,
            complaint,
            Duration.ofNanos(keptNanos),
            LEAST_SECONDS_BETWEEN);
      }
    }
    return complaint == null;
  }

  /** How often keys were read. */
  public synchronized long read() {
    return read;
  }

  /** How often they could not be. */
  public synchronized long failed() {
    return failed;
  }

  /** How long ago they were read last; 0: never. */
  public double ageSeconds() {
    Known now = known;
    return now == null ? 0 : (nanoClock.getAsLong() - now.readNanos()) / 1e9;
  }

  @Override
  public void close() {
    looks.shutdownNow();
    caller.close();
  }
}
