package io.vmqtt.gateway.connection;

/** The deliveries of QoS 1 and 2 that a client has not finished. */
sealed interface Deliveries permits TransientDeliveries, DurableDeliveries {

  /** PUBACK: whether the packet id was known. */
  boolean acknowledged(int packetId);

  /** PUBREC: answers with PUBREL in time; {@code failed} if it carries an error code. */
  void received(int packetId, boolean failed);

  /** PUBCOMP: whether the packet id was known. */
  boolean completed(int packetId);

  /** The client takes more again. */
  void writable();

  /** Whether a further message could leave at once. */
  boolean hasRoom();

  /** Highest queue sequence written. */
  long sentThrough();

  /** Bytes of what waits here to be written. */
  long waitingBytes();

  /** The connection is over: nothing waits any more. */
  void close();
}
