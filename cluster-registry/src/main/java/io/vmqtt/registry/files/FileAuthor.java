package io.vmqtt.registry.files;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.Fact;
import io.vmqtt.cluster.facts.FactKind;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.registry.membership.Candidate;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a fact at what the file of the registry that leads says, whenever that changes. One that
 * leads and has no file changes nothing, but gives a Consul that lost its memory what it knows.
 *
 * <p>All state belongs to one thread, that of {@code worker}.
 *
 * @param <T> the fact
 */
public final class FileAuthor<T extends FromFile<T>> implements Candidate, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileAuthor.class);
  private static final long LOOK_MILLIS = 250;

  /** Without a file there is nothing to see but that a write failed. */
  private static final long LOOK_WITHOUT_FILE_MILLIS = 3_000;

  /** Nobody is writing what was written so long ago; file systems may count in whole seconds. */
  private static final Duration REST = Duration.ofSeconds(2);

  /** Of what nobody has said: whoever has heard what somebody has said stays with that. */
  private static final long LOWEST = 1;

  private final FactKind<T> kind;
  private final Fact<T> fact;
  private final @Nullable FactFile<T> file;
  private final T none;
  private final boolean aloud;
  private final InstantSource clock;
  private final Replaced<T> replaced;
  private final ScheduledExecutorService worker;

  private boolean leading;

  /** This term's fact is known to be there. */
  private boolean written;

  private T known;

  private @Nullable String seenText;
  private @Nullable String readText;
  private @Nullable T said;

  /** What was complained of last: said once. */
  private volatile String complaint = "";

  private @Nullable Registration watch;

  /** Is told what another version takes the place of, before it does. */
  @FunctionalInterface
  public interface Replaced<T> {
    void by(T before) throws IOException;
  }

  /**
   * @param file null: there is nothing to say
   * @param none where nobody has said anything
   * @param aloud whether that is written, too, so that others can know that it is so
   * @param replaced hears of each version that is no more
   */
  public FileAuthor(
      FactKind<T> kind,
      Fact<T> fact,
      @Nullable FactFile<T> file,
      T none,
      boolean aloud,
      InstantSource clock,
      Replaced<T> replaced) {
    this.kind = kind;
    this.fact = fact;
    this.file = file;
    this.none = none;
    this.aloud = aloud;
    this.known = none;
    this.clock = clock;
    this.replaced = replaced;
    this.worker =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name(kind.key() + "-author").factory());
  }

  public void start() {
    watch = fact.watch(latest -> worker.execute(() -> heard(latest)));
    long pause = file == null ? LOOK_WITHOUT_FILE_MILLIS : LOOK_MILLIS;
    var _ = worker.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
  }

  private void heard(T latest) {
    learn(latest);
    if (!written) {
      look();
    }
  }

  private void learn(T latest) {
    if (latest.version() > known.version()) {
      known = latest;
    }
  }

  @Override
  public void elected() {
    worker.execute(
        () -> {
          leading = true;
          written = false;
          forget();
          look();
        });
  }

  /** What the file said when this registry led before may have been changed by others since. */
  private void forget() {
    seenText = null;
    readText = null;
    said = null;
  }

  @Override
  public void deposed() {
    worker.execute(() -> leading = false);
  }

  private void look() {
    if (!leading) {
      return;
    }
    try {
      T inFile = inFile();
      if (file != null && inFile == null) {
        return; // the next look knows what it says
      }
      if (inFile != null && !inFile.saysTheSameAs(known)) {
        write(inFile.after(known, clock.millis()));
      } else if (!written && known.version() > 0) {
        write(known);
      } else if (!written && aloud) {
        write(none.withVersion(LOWEST));
      }
      complaint = "";
    } catch (OptionException | IOException e) {
      complain(String.valueOf(e.getMessage()));
    }
  }

  /**
   * What the file says; null: nobody knows yet. What has just been written counts from the second
   * look on: it may be half written, or an empty file, before.
   */
  private @Nullable T inFile() {
    if (file != null) {
      String text = file.text();
      boolean settled = text.equals(seenText) || (said == null && isAtRest(file));
      seenText = text;
      if (settled && !text.equals(readText)) {
        said = file.read(text).from(Origin.of(file.path()));
        readText = text;
      }
    }
    return said;
  }

  /** To be asked when its text was read: what is written meanwhile is seen by that. */
  private boolean isAtRest(FactFile<T> content) {
    return content.writtenAt().isBefore(clock.instant().minus(REST));
  }

  /** One that has no file puts nothing in the place of what is later, and never nothing at all. */
  private void write(T wanted) throws IOException {
    T inForce = fact.create(wanted);
    boolean stays =
        file == null && (wanted.saysTheSameAs(none) || inForce.version() >= wanted.version());
    if (!stays && !inForce.saysTheSameAs(wanted)) {
      learn(inForce);
      T next = wanted.after(known, clock.millis());
      replaced.by(inForce);
      if (!fact.replace(inForce, next)) {
        return; // somebody else has written: the next look sees what
      }
      inForce = next;
    }
    learn(inForce);
    written = true;
    log.info("In force: {} of {}", kind.key(), kind.versionOf(inForce));
  }

  private void complain(String what) {
    if (!what.equals(complaint)) {
      complaint = what;
      log.warn("What is in force of {} stays as it is: {}", kind.key(), what);
    }
  }

  /** Why the fact is not what it should be; empty: it is. */
  String complaint() {
    return complaint;
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    worker.shutdownNow();
  }
}
