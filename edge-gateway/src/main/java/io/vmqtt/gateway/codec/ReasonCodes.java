package io.vmqtt.gateway.codec;

/**
 * Which reason codes the packets of a client may have; sections 3.4.2.1 to 3.7.2.1, 3.14.2.1,
 * 3.15.2.1.
 */
enum ReasonCodes {
  /** Of PUBACK and PUBREC. */
  PUBLISH_ANSWER(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99),
  /** Of PUBREL and PUBCOMP. */
  RELEASE(0x00, 0x92),
  /** Those that a server alone may send are left out. */
  DISCONNECT(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99),
  /** Success is for servers to say. */
  AUTH(0x18, 0x19);

  private static final int FAILURE = 0x80;

  private final long successes;
  private final long failures;

  ReasonCodes(int... codes) {
    long below = 0;
    long above = 0;
    for (int code : codes) {
      if (code < FAILURE) {
        below |= 1L << code;
      } else {
        above |= 1L << (code - FAILURE);
      }
    }
    successes = below;
    failures = above;
  }

  boolean allow(int code) {
    int place = code % FAILURE;
    return place < Long.SIZE && ((code < FAILURE ? successes : failures) & 1L << place) != 0;
  }
}
