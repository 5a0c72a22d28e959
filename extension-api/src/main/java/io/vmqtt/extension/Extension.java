package io.vmqtt.extension;

import java.util.Map;

/**
 * What a jar brings: named in {@code META-INF/services/io.vmqtt.extension.Extension}, public, and
 * with a constructor without parameters. It is made once for each word that names it, and lives as
 * long as the gateway.
 */
public interface Extension {
  /** The version of this interface. Another one is refused when the gateway starts. */
  int API_VERSION = 1;

  /**
   * The version that it was compiled against: {@code return API_VERSION}, as the compiler writes
   * the number of that time there.
   */
  int apiVersion();

  /** What {@code --extension} calls it: 1 to 64 characters of {@code a-z0-9-_}. */
  String name();

  /**
   * Begins, before the gateway listens. May take its time.
   *
   * @param settings the words behind its name, by what stands before their {@code =}
   * @throws Exception if it cannot; the message is for the operator, and the gateway does not start
   */
  ClientAccess open(Map<String, String> settings) throws Exception;
}
