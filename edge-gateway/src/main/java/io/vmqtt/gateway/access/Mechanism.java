package io.vmqtt.gateway.access;

/**
 * A way to prove who one is in several steps: an authentication method of MQTT 5 [4.12]. Asked on
 * the threads of event loops.
 */
public interface Mechanism {

  /** What clients call it in CONNECT. */
  String name();

  /** Whether anybody could prove anything by it now: one that nobody can use is not there. */
  default boolean isOffered() {
    return true;
  }

  /** Begins with a client; what it sent beside its method comes as the first step. */
  Exchange begin(Credentials credentials);
}
