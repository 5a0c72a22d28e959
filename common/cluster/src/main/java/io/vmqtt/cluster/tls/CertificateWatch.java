package io.vmqtt.cluster.tls;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at certificates every few seconds, by a thread of its own: reading them takes a disk, and
 * making something of them takes time.
 */
public final class CertificateWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

  private final List<LiveCertificates<?>> all = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("certificates").factory());

  /** Looks at none yet. */
  public CertificateWatch() {
    var _ =
        thread.scheduleWithFixedDelay(
            this::look, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks at these, too; they end with it. */
  public void add(LiveCertificates<?> certificates) {
    all.add(certificates);
  }

  /** Looks at them no more, and lets them go: nobody begins anything with them. */
  public void remove(LiveCertificates<?> certificates) {
    if (all.remove(certificates)) {
      thread.execute(certificates::close); // not while it looks
    }
  }

  private void look() {
    for (LiveCertificates<?> one : all) {
      try {
        one.look();
      } catch (RuntimeException e) {
        log.error("certificates cannot be looked at", e);
      }
    }
  }

  @Override
  public void close() {
    thread.close();
    all.forEach(LiveCertificates::close);
  }
}
