package io.vmqtt.cluster.identity;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** What {@link Refusals} have said during a test. */
public final class SaidRefusals implements BeforeEachCallback, AfterEachCallback {
  private final Logger log = (Logger) LoggerFactory.getLogger(Refusals.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @Override
  public void beforeEach(ExtensionContext context) {
    said.start();
    log.addAppender(said);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    log.detachAppender(said);
  }

  public List<String> lines() {
    return List.copyOf(said.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** Whether one has these words. */
  public boolean has(String words) {
    return lines().stream().anyMatch(line -> line.contains(words));
  }

  /** Waits until one has these words. */
  public void awaitLine(String words) {
    await(words).until(() -> has(words));
  }
}
