package io.vmqtt.cluster.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is made of files with certificates, and made anew when they have changed, and when
 * it is too old, or its certificate expires: so nothing that depends on it lasts longer. Whoever
 * begins something from then on gets the new one; what was begun before has all it needs. Used by
 * any thread, looked at by one.
 *
 * @param <T> what is made of them
 */
public final class LiveCertificates<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveCertificates.class);
  private static final Duration EXPIRES_SOON = Duration.ofDays(30);
  private static final Duration BETWEEN_WARNINGS = Duration.ofDays(1);

  private final String owner;
  private final List<Path> files;
  private final Maker<T> maker;
  private final Function<T, Instant> notAfter;
  private final Consumer<T> letGo;
  private final InstantSource clock;
  private final Duration longest;
  private volatile T current;

  /** Replaced, but somebody may be about to use it: it goes with the next change. */
  private volatile @Nullable T replaced;

  /** What the files had when they could last be read, be it of use or not. */
  private PemFiles seen;

  /** What {@link #current} was made of. */
  private PemFiles taken;

  private Instant made;

  /** What was wrong with them at the last look, so that it is said once; empty: nothing. */
  private String complaint = "";

  private Instant warned = Instant.MIN;

  /** Nobody begins anything new with it. */
  private volatile boolean retired;

  /** Hears until when what was taken over is good. */
  private volatile Consumer<Instant> taker = until -> {};

  /** Makes something of what the files have. */
  @FunctionalInterface
  public interface Maker<T> {
    /**
     * Makes it.
     *
     * @throws IOException if it is of no use; the message names the file
     */
    T make(PemFiles files) throws IOException;
  }

  /**
   * Reads the files.
   *
   * @param owner whose certificates these are, in the log: {@code listener plant}
   * @param notAfter when something expires
   * @param letGo takes what nobody uses any longer
   * @throws IOException if they are not there, or of no use; the message names one
   */
  public LiveCertificates(
      String owner,
      List<Path> files,
      Maker<T> maker,
      Function<T, Instant> notAfter,
      Consumer<T> letGo,
      InstantSource clock)
      throws IOException {
    this(owner, files, maker, notAfter, letGo, clock, ChronoUnit.FOREVER.getDuration());
  }

  /**
   * The same.
   *
   * @param longest when what was made is made anew, though the files are the same
   */
  public LiveCertificates(
      String owner,
      List<Path> files,
      Maker<T> maker,
      Function<T, Instant> notAfter,
      Consumer<T> letGo,
      InstantSource clock,
      Duration longest)
      throws IOException {
    this.owner = owner;
    this.files = List.copyOf(files);
    this.maker = maker;
    this.notAfter = notAfter;
    this.letGo = letGo;
    this.clock = clock;
    this.longest = longest;
    this.seen = PemFiles.read(files);
    this.current = maker.make(seen);
    this.taken = seen;
    this.made = clock.instant();
    warnOfExpiry();
  }

  /** What holds for whoever begins now. */
  public T current() {
    return current;
  }

  /** Has somebody told when what new files have is taken over, and until when that is good. */
  public void whenTakenOver(Consumer<Instant> told) {
    taker = told;
  }

  /** What held before the last change; null: there was none. */
  public @Nullable T replaced() {
    return replaced;
  }

  /** Until when the certificate is good. */
  public Instant notAfter() {
    return notAfter.apply(current);
  }

  /** How long the certificate is good; negative: since when it is not. */
  public double secondsLeft() {
    return Duration.between(clock.instant(), notAfter.apply(current)).toSeconds();
  }

  /** From here on it stays what it is, whatever becomes of its files. */
  public void retire() {
    retired = true;
  }

  /** Takes over what has changed in the files; where that is of no use, what was there stays. */
  public void look() {
    if (retired) {
      return;
    }
    String wrong = "";
    try {
      PemFiles now = PemFiles.read(files);
      if (!now.equals(seen)) {
        seen = now;
        exchange(maker.make(now), now);
        log.info("{} has new certificates, until {}", owner, notAfter.apply(current));
        taker.accept(notAfter.apply(current));
      }
    } catch (IOException e) {
      wrong = String.valueOf(e.getMessage());
    }
    if (!wrong.isEmpty() && !wrong.equals(complaint)) {
      log.warn("{} keeps the certificates that it has: {}", owner, wrong);
    }
    complaint = wrong;
    renew();
    warnOfExpiry();
  }

  /** Of what it was made of: be the files as they may. */
  private void renew() {
    Instant now = clock.instant();
    Instant end = notAfter.apply(current);
    boolean isOld = Duration.between(made, now).compareTo(longest) >= 0;
    boolean hasExpired = end.isAfter(made) && !end.isAfter(now);
    if (isOld || hasExpired) {
      try {
        exchange(maker.make(taken), taken);
      } catch (IOException e) {
        made = now;
        log.warn("{} keeps what it has: {}", owner, e.getMessage());
      }
    }
  }

  private void exchange(T by, PemFiles of) {
    taken = of;
    made = clock.instant();
    T before = replaced;
    replaced = current;
    current = by;
    if (before != null) {
      letGo.accept(before);
    }
  }

  private void warnOfExpiry() {
    Instant now = clock.instant();
    Instant end = notAfter.apply(current);
    Duration left = Duration.between(now, end);
    if (left.compareTo(EXPIRES_SOON) < 0
        && (warned.equals(Instant.MIN) || warned.plus(BETWEEN_WARNINGS).isBefore(now))) {
      warned = now;
      log.warn(
          "the certificate of {} {} at {}",
          owner,
          left.isNegative() ? "has expired" : "expires",
          end);
    }
  }

  /** Lets go of all that was made: nobody begins anything any more. */
  @Override
  public void close() {
    T before = replaced;
    if (before != null) {
      letGo.accept(before);
    }
    letGo.accept(current);
  }
}
