package io.vmqtt.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;

/** Errors that were logged by the thread that runs a schedule: there must be none. */
public final class ErrorLog extends AppenderBase<ILoggingEvent> {
  private static final ThreadLocal<List<String>> errors = ThreadLocal.withInitial(ArrayList::new);

  /** Forgets what was logged by this thread before. */
  static ErrorLog ofThisThread() {
    errors.get().clear();
    return new ErrorLog();
  }

  /** What was logged since. */
  List<String> taken() {
    return List.copyOf(errors.get());
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      String trace =
          event.getThrowableProxy() == null
              ? ""
              : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
      errors.get().add(event.getLoggerName() + ": " + event.getFormattedMessage() + trace);
    }
  }
}
