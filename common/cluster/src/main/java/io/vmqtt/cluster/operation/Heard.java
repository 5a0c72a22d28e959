package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A line of what a gateway tells of messages as they come.
 *
 * @param leftOut how many before this message are left out, as they came faster than they were read
 * @param message null: none has come for a while
 */
@JsonInclude
public record Heard(long leftOut, @Nullable MessageInfo message) {
  /** A sign of life. */
  public static final Heard NOTHING = new Heard(0, null);
}
