package io.vmqtt.gateway.codec;

import org.jspecify.annotations.Nullable;

/**
 * The properties of MQTT 5, one row each: the identifier, how the value is encoded, where it may
 * stand, and where it may stand more than once. What reads, writes or checks packets knows them
 * from here alone. Source: section 2.2.2.2.
 */
enum Property {
  PAYLOAD_FORMAT_INDICATOR(0x01, Type.FLAG, Place.PUBLISH, Place.WILL),
  MESSAGE_EXPIRY_INTERVAL(0x02, Type.FOUR_BYTES, Place.PUBLISH, Place.WILL),
  CONTENT_TYPE(0x03, Type.TEXT, Place.PUBLISH, Place.WILL),
  RESPONSE_TOPIC(0x08, Type.TEXT, Place.PUBLISH, Place.WILL),
  CORRELATION_DATA(0x09, Type.BINARY, Place.PUBLISH, Place.WILL),
  /** In a PUBLISH only servers may send it, and any number of them. */
  SUBSCRIPTION_IDENTIFIER(
      0x0B,
      Type.VARIABLE,
      new Place[] {Place.PUBLISH, Place.SUBSCRIBE},
      new Place[] {Place.PUBLISH}),
  SESSION_EXPIRY_INTERVAL(0x11, Type.FOUR_BYTES, Place.CONNECT, Place.CONNACK, Place.DISCONNECT),
  ASSIGNED_CLIENT_IDENTIFIER(0x12, Type.TEXT, Place.CONNACK),
  SERVER_KEEP_ALIVE(0x13, Type.TWO_BYTES, Place.CONNACK),
  AUTHENTICATION_METHOD(0x15, Type.TEXT, Place.CONNECT, Place.CONNACK, Place.AUTH),
  AUTHENTICATION_DATA(0x16, Type.BINARY, Place.CONNECT, Place.CONNACK, Place.AUTH),
  REQUEST_PROBLEM_INFORMATION(0x17, Type.FLAG, Place.CONNECT),
  WILL_DELAY_INTERVAL(0x18, Type.FOUR_BYTES, Place.WILL),
  REQUEST_RESPONSE_INFORMATION(0x19, Type.FLAG, Place.CONNECT),
  RESPONSE_INFORMATION(0x1A, Type.TEXT, Place.CONNACK),
  SERVER_REFERENCE(0x1C, Type.TEXT, Place.CONNACK, Place.DISCONNECT),
  REASON_STRING(
      0x1F,
      Type.TEXT,
      Place.CONNACK,
      Place.PUBACK,
      Place.PUBREC,
      Place.PUBREL,
      Place.PUBCOMP,
      Place.SUBACK,
      Place.UNSUBACK,
      Place.DISCONNECT,
      Place.AUTH),
  RECEIVE_MAXIMUM(0x21, Type.TWO_BYTES, Place.CONNECT, Place.CONNACK),
  TOPIC_ALIAS_MAXIMUM(0x22, Type.TWO_BYTES, Place.CONNECT, Place.CONNACK),
  TOPIC_ALIAS(0x23, Type.TWO_BYTES, Place.PUBLISH),
  MAXIMUM_QOS(0x24, Type.FLAG, Place.CONNACK),
  RETAIN_AVAILABLE(0x25, Type.FLAG, Place.CONNACK),
  USER_PROPERTY(0x26, Type.PAIR, Place.values(), Place.values()),
  MAXIMUM_PACKET_SIZE(0x27, Type.FOUR_BYTES, Place.CONNECT, Place.CONNACK),
  WILDCARD_SUBSCRIPTION_AVAILABLE(0x28, Type.FLAG, Place.CONNACK),
  SUBSCRIPTION_IDENTIFIER_AVAILABLE(0x29, Type.FLAG, Place.CONNACK),
  SHARED_SUBSCRIPTION_AVAILABLE(0x2A, Type.FLAG, Place.CONNACK);

  private static final @Nullable Property[] BY_ID = byId();

  private final int id;
  private final Type type;
  private final int places;
  private final int repeatable;

  /** How a value is encoded. */
  enum Type {
    /** A byte that is 0 or 1. */
    FLAG,
    TWO_BYTES,
    FOUR_BYTES,
    /** A variable byte integer. */
    VARIABLE,
    TEXT,
    BINARY,
    /** Two texts. */
    PAIR
  }

  /** What has properties: packets, with the numbers of their types [2.1.2], and the will. */
  enum Place {
    WILL(0),
    CONNECT(1),
    CONNACK(2),
    PUBLISH(3),
    PUBACK(4),
    PUBREC(5),
    PUBREL(6),
    PUBCOMP(7),
    SUBSCRIBE(8),
    SUBACK(9),
    UNSUBSCRIBE(10),
    UNSUBACK(11),
    DISCONNECT(14),
    AUTH(15);

    private final int bit;

    Place(int number) {
      bit = 1 << number;
    }
  }

  Property(int id, Type type, Place... places) {
    this(id, type, places, new Place[0]);
  }

  Property(int id, Type type, Place[] places, Place[] repeatable) {
    this.id = id;
    this.type = type;
    this.places = bits(places);
    this.repeatable = bits(repeatable);
  }

  private static int bits(Place... places) {
    int bits = 0;
    for (Place place : places) {
      bits |= place.bit;
    }
    return bits;
  }

  private static @Nullable Property[] byId() {
    @Nullable Property[] all = new Property[SHARED_SUBSCRIPTION_AVAILABLE.id + 1];
    for (Property property : values()) {
      all[property.id] = property;
    }
    return all;
  }

  /** The property with an identifier, 0 or more; null if there is none. */
  static @Nullable Property of(int id) {
    return id < BY_ID.length ? BY_ID[id] : null;
  }

  /** The number on the wire, below 64. */
  int id() {
    return id;
  }

  Type type() {
    return type;
  }

  /** A bit of its own, for sets of properties. */
  long bit() {
    return 1L << id;
  }

  boolean belongsTo(Place place) {
    return (places & place.bit) != 0;
  }

  boolean repeatsIn(Place place) {
    return (repeatable & place.bit) != 0;
  }
}
