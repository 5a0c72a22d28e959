package io.vmqtt.registry.settings;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.AuthoredKind;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.facts.Earlier;
import io.vmqtt.cluster.facts.Fact;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.registry.files.FactFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A fact that operators change over the API, where no file of a registry says what it is to be.
 * Safe from any thread.
 *
 * @param <T> the fact
 */
public final class Setting<T extends FromFile<T>> implements AutoCloseable {
  /** Of a change that follows whatever there is, while others make theirs. */
  private static final int TRIES = 5;

  private static final long NEWS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final AuthoredKind<T> kind;
  private final Fact<T> fact;
  private final FactFile<T> language;
  private final Function<String, JsonNode> content;
  private final @Nullable Path file;
  private final History<T> history;
  private final InstantSource clock;
  private final Registration watch;
  private volatile T known;

  /** It is not what somebody has seen of it any more. */
  public static final class ChangedMeanwhile extends Exception {
    private static final long serialVersionUID = 1L;

    ChangedMeanwhile(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * One of a cluster.
   *
   * @param none where nobody has said anything
   * @param language reads what operators say
   * @param content what they could say, of the text that stands in Consul
   * @param file of this registry that says what it is; null: the API does
   */
  public Setting(
      ClusterFacts facts,
      AuthoredKind<T> kind,
      T none,
      FactFile<T> language,
      Function<String, JsonNode> content,
      @Nullable Path file,
      History<T> history,
      InstantSource clock) {
    this.kind = kind;
    this.fact = facts.of(kind);
    this.language = language;
    this.content = content;
    this.file = file;
    this.history = history;
    this.clock = clock;
    this.known = none;
    this.watch = fact.watch(this::learn);
  }

  private synchronized void learn(T latest) {
    if (latest.version() > known.version()) {
      known = latest;
      notifyAll();
    }
  }

  /** Waits a little for what has taken the place of a version. */
  private synchronized void awaitNewsSince(T before) throws InterruptedException {
    long begun = System.nanoTime();
    long left = NEWS_NANOS;
    while (known.version() == before.version() && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = NEWS_NANOS - (System.nanoTime() - begun);
    }
  }

  /** The file that says what it is; null: the API does. */
  public @Nullable Path file() {
    return file;
  }

  /** What is in force, as far as it is known here. */
  public T inForce() {
    return known;
  }

  /** What it says, in the words of its file. */
  public JsonNode contentOf(T said) {
    return content.apply(kind.write(said.version() > 0 ? said : said.withVersion(1)));
  }

  /** What is in force, and what was before, the latest first. */
  public List<T> versions() {
    T inForce = known;
    List<T> all = new ArrayList<>();
    all.add(inForce);
    Earlier<T> earlier = history.known();
    earlier.all().stream().filter(one -> one.version() < inForce.version()).forEach(all::add);
    return all;
  }

  /** One of them. */
  public Optional<T> version(long wanted) {
    return versions().stream().filter(one -> one.version() == wanted).findFirst();
  }

  /**
   * What a text says.
   *
   * @throws OptionException if it says what cannot be
   */
  public T read(String text) {
    return language.read(text);
  }

  /**
   * Has a version follow the one that an operator has seen.
   *
   * @param seen its number; null: whatever there is, also if that becomes another meanwhile
   * @param change may be asked several times, each time about what is known by then
   * @return what is in force then
   * @throws ChangedMeanwhile if there is another by now
   * @throws IOException if it is not known whether it was changed
   */
  public T change(@Nullable Long seen, UnaryOperator<T> change, String operator)
      throws ChangedMeanwhile, IOException {
    for (int tried = 1; ; tried++) {
      T before = known;
      if (seen != null && seen != before.version()) {
        throw changedMeanwhile(before);
      }
      T next = change.apply(before).from(Origin.byOperator(operator)).after(before, clock.millis());
      if (before.version() > 0 && next.saysTheSameAs(before)) {
        return before;
      }
      requireRoom(next);
      history.add(before);
      T inForce = put(before, next);
      learn(inForce);
      if (inForce.equals(next)) {
        return next;
      }
      if (seen != null || tried == TRIES) {
        throw changedMeanwhile(known);
      }
      try {
        awaitNewsSince(before);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw changedMeanwhile(known);
      }
    }
  }

  /** What is in force then, as far as that is known: {@code next}, if it has its place. */
  private T put(T before, T next) throws IOException {
    if (before.version() == 0) {
      return fact.create(next);
    }
    return fact.replace(before, next) ? next : before;
  }

  private ChangedMeanwhile changedMeanwhile(T now) {
    return new ChangedMeanwhile(
        kind.key() + " is of version " + now.version() + " by now; look at that first");
  }

  private void requireRoom(T next) {
    int bytes = kind.write(next).length();
    if (bytes > FactFile.MOST_BYTES) {
      throw new OptionException(
          kind.key() + ": takes " + bytes + " bytes, of which Consul takes " + FactFile.MOST_BYTES);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
