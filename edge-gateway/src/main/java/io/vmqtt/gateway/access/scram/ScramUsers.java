package io.vmqtt.gateway.access.scram;

/** Who has keys. Safe from any thread. */
public interface ScramUsers {

  /** Whether anybody has keys with a hash. */
  boolean haveKeys(ScramHash hash);

  /**
   * The keys of a user. Whoever has none, or is not there, seems to have some, always the same, so
   * that nobody learns which users there are.
   */
  ScramKeys keys(String user, ScramHash hash);

  /** Whether somebody who has proved to know the password of these keys may come in with them. */
  boolean mayComeIn(String user, ScramKeys keys);
}
