package io.vmqtt.store.log;

import java.nio.ByteBuffer;

/** An entry on its way into a log. */
public interface LogEntry {
  /** Its bytes; nobody may change them. Each call gives a buffer of its own. */
  ByteBuffer content();
}
