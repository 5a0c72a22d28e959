package io.vmqtt.registry.namespaces;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.Fact;
import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.model.Namespace;
import io.vmqtt.registry.membership.Candidate;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the fact of the namespaces at what the file of the registry that leads says, whenever that
 * changes. One that leads and has no file changes nothing, but gives a Consul that lost its memory
 * what it knows.
 *
 * <p>All state belongs to one thread, that of {@code worker}.
 */
public final class NamespacesAuthor implements Candidate, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NamespacesAuthor.class);
  private static final long LOOK_MILLIS = 500;

  private final Fact<Namespaces> fact;
  private final @Nullable NamespacesFile file;
  private final InstantSource clock;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("namespaces-author").factory());

  private boolean leading;

  /** This term's fact is known to be there. */
  private boolean written;

  private Namespaces known = Namespaces.NONE;

  /** What was complained of last: said once. */
  private volatile String complaint = "";

  private @Nullable Registration watch;

  /**
   * @param file null: there is nothing to say
   */
  public NamespacesAuthor(
      Fact<Namespaces> fact, @Nullable NamespacesFile file, InstantSource clock) {
    this.fact = fact;
    this.file = file;
    this.clock = clock;
  }

  public void start() {
    watch = fact.watch(namespaces -> worker.execute(() -> learn(namespaces)));
    var _ =
        worker.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void learn(Namespaces namespaces) {
    if (namespaces.version() > known.version()) {
      known = namespaces;
    }
  }

  @Override
  public void elected() {
    worker.execute(
        () -> {
          leading = true;
          written = false;
          look();
        });
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
      Map<Namespace, NamespaceTerms> wanted = file == null ? known.all() : file.read();
      boolean differs = !wanted.equals(known.all());
      if (differs || (!written && known.version() > 0)) {
        write(differs ? known.next(wanted, clock.millis()) : known);
      }
      complaint = "";
    } catch (OptionException | IOException e) {
      complain(String.valueOf(e.getMessage()));
    }
  }

  private void write(Namespaces wanted) throws IOException {
    Namespaces inForce = fact.create(wanted);
    if (!inForce.all().equals(wanted.all())) {
      learn(inForce);
      Namespaces next = known.next(wanted.all(), clock.millis());
      if (!fact.replace(inForce, next)) {
        return; // somebody else has written: the next look sees what
      }
      inForce = next;
    }
    learn(inForce);
    written = true;
    log.info("Namespaces {} of version {} are in force", inForce.all(), inForce.version());
  }

  private void complain(String what) {
    if (!what.equals(complaint)) {
      complaint = what;
      log.error("The namespaces stay as they are: {}", what);
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
