package io.vmqtt.model;

/** How safe a message is before its publisher hears that it is published. */
public enum Durability {
  /** Whoever is connected gets it if there is room on the way; nothing of it is stored. */
  NONE,
  /** It is in the logs of all sessions that it is for, at a majority of their replicas. */
  COMMITTED
}
