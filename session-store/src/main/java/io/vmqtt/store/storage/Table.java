package io.vmqtt.store.storage;

/** The column families of a shard, and the form of their keys. Numbers are big endian. */
enum Table {
  /** What of the log is in here: one key. */
  META("default"),
  /** By session number: a session without its collections. */
  SESSIONS("sessions"),
  /** By session number and filter text: a subscription. */
  SUBSCRIPTIONS("subscriptions"),
  /** By session number: the highest sequences used. */
  MARKS("marks"),
  /** By session number and sequence: an entry of a queue. */
  QUEUE("queue"),
  /** By body number: a message that several queues refer to. */
  BODIES("bodies"),
  /** By session number and packet id: the key sequence of an open inbound publish of QoS 2. */
  INBOUND("inbound"),
  /** By producer and sequence: when a publish of QoS 2 was taken, milliseconds since 1970. */
  PRODUCERS("producers"),
  /** By topic: a retained message. */
  RETAINED("retained"),
  /** By its number: a publish of the shard's own that no router has confirmed. */
  WILLS("wills");

  private final String familyName;

  Table(String familyName) {
    this.familyName = familyName;
  }

  String familyName() {
    return familyName;
  }
}
