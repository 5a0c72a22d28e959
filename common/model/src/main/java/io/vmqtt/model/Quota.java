package io.vmqtt.model;

/** What a namespace may have so much of, and no more. */
public enum Quota {
  /** Clients that are connected. */
  CONNECTIONS("connections"),
  /** Sessions, whether their clients are connected or not. */
  SESSIONS("sessions"),
  /** Retained messages, in bytes. */
  RETAINED_BYTES("retained-bytes"),
  /** What waits in the queues of sessions, in bytes. */
  QUEUE_BYTES("queue-bytes"),
  /** Messages that clients publish in a second. */
  MESSAGES_IN("messages-per-second-in"),
  /** Messages that clients are sent in a second. */
  MESSAGES_OUT("messages-per-second-out");

  private final String label;

  Quota(String label) {
    this.label = label;
  }

  /** What operators call it. */
  public String label() {
    return label;
  }
}
