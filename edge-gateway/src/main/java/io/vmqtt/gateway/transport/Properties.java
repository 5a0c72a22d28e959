package io.vmqtt.gateway.transport;

/** Which properties the packets of a client may have, and of what type they are; [2.2.2.2]. */
enum Properties {
  CONNECT(0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27),
  WILL(0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26),
  /** The subscription identifier, which only a server may send, is refused behind the codec. */
  PUBLISH(0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x23, 0x26),
  REPLY(0x1F, 0x26),
  SUBSCRIBE(0x0B, 0x26),
  UNSUBSCRIBE(0x26),
  DISCONNECT(0x11, 0x1C, 0x1F, 0x26);

  static final int USER_PROPERTY = 0x26;

  private final long allowed;

  /** How a property is encoded; section 2.2.2.2. */
  enum Type {
    FLAG,
    TWO_BYTES,
    FOUR_BYTES,
    VARIABLE,
    TEXT,
    BINARY,
    PAIR
  }

  Properties(int... ids) {
    long all = 0;
    for (int id : ids) {
      all |= 1L << id;
    }
    allowed = all;
  }

  boolean allow(int id) {
    return id < Long.SIZE && (allowed & 1L << id) != 0;
  }

  /** The type of a property that is allowed somewhere. */
  static Type typeOf(int id) {
    return switch (id) {
      case 0x01, 0x17, 0x19 -> Type.FLAG;
      case 0x21, 0x22, 0x23 -> Type.TWO_BYTES;
      case 0x02, 0x11, 0x18, 0x27 -> Type.FOUR_BYTES;
      case 0x0B -> Type.VARIABLE;
      case 0x03, 0x08, 0x15, 0x1C, 0x1F -> Type.TEXT;
      case 0x09, 0x16 -> Type.BINARY;
      case USER_PROPERTY -> Type.PAIR;
      default -> throw new IllegalArgumentException("property " + id);
    };
  }
}
