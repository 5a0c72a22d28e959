package io.vmqtt.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How clients prove who they are; the methods are asked in this order.
 *
 * @param passwords file with users; null: none
 * @param anonymous whether whoever names no user may come in
 */
public record AccessMethods(@Nullable Path passwords, boolean anonymous) {
  /** Nothing is said: whoever comes is let in, and only this machine can come. */
  public static final AccessMethods NONE = new AccessMethods(null, false);

  /** Whether it is said who may come in. */
  public boolean areSet() {
    return passwords != null || anonymous;
  }
}
