package io.vmqtt.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway writes down of its clients.
 *
 * @param connections whether the log says who comes and goes
 * @param audit file of the decisions of access control; null: nowhere
 * @param auditBytes at which that file is renamed
 * @param auditFiles how many of those renamed are kept
 */
public record LogConfig(
    boolean connections, @Nullable Path audit, long auditBytes, int auditFiles) {
  /** Nothing. */
  public static final LogConfig NONE = new LogConfig(false, null, 1 << 20, 1);
}
