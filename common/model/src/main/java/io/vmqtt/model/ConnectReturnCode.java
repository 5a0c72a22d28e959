package io.vmqtt.model;

import java.util.Optional;

/** The return code of an MQTT 3.1.1 CONNACK. Source: MQTT 3.1.1, section 3.2.2.3. */
public enum ConnectReturnCode {
  ACCEPTED(0),
  UNACCEPTABLE_PROTOCOL_VERSION(1),
  IDENTIFIER_REJECTED(2),
  SERVER_UNAVAILABLE(3),
  BAD_USER_NAME_OR_PASSWORD(4),
  NOT_AUTHORIZED(5);

  private final int value;

  ConnectReturnCode(int value) {
    this.value = value;
  }

  /**
   * The return code that tells an MQTT 3.1.1 client what the reason code would tell an MQTT 5
   * client; empty where 3.1.1 has none, and the connection is closed without a CONNACK
   * [MQTT-3.2.2-6].
   */
  public static Optional<ConnectReturnCode> of(ReasonCode reason) {
    return switch (reason) {
      case SUCCESS -> Optional.of(ACCEPTED);
      case UNSUPPORTED_PROTOCOL_VERSION -> Optional.of(UNACCEPTABLE_PROTOCOL_VERSION);
      case CLIENT_IDENTIFIER_NOT_VALID -> Optional.of(IDENTIFIER_REJECTED);
      case UNSPECIFIED_ERROR,
          IMPLEMENTATION_SPECIFIC_ERROR,
          SERVER_UNAVAILABLE,
          SERVER_BUSY,
          SERVER_SHUTTING_DOWN,
          QUOTA_EXCEEDED,
          USE_ANOTHER_SERVER,
          SERVER_MOVED,
          CONNECTION_RATE_EXCEEDED ->
          Optional.of(SERVER_UNAVAILABLE);
      case BAD_USER_NAME_OR_PASSWORD -> Optional.of(BAD_USER_NAME_OR_PASSWORD);
      case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> Optional.of(NOT_AUTHORIZED);
      case GRANTED_QOS_1,
          GRANTED_QOS_2,
          DISCONNECT_WITH_WILL_MESSAGE,
          NO_MATCHING_SUBSCRIBERS,
          NO_SUBSCRIPTION_EXISTED,
          CONTINUE_AUTHENTICATION,
          RE_AUTHENTICATE,
          MALFORMED_PACKET,
          PROTOCOL_ERROR,
          KEEP_ALIVE_TIMEOUT,
          SESSION_TAKEN_OVER,
          TOPIC_FILTER_INVALID,
          TOPIC_NAME_INVALID,
          PACKET_IDENTIFIER_IN_USE,
          PACKET_IDENTIFIER_NOT_FOUND,
          RECEIVE_MAXIMUM_EXCEEDED,
          TOPIC_ALIAS_INVALID,
          PACKET_TOO_LARGE,
          MESSAGE_RATE_TOO_HIGH,
          ADMINISTRATIVE_ACTION,
          PAYLOAD_FORMAT_INVALID,
          RETAIN_NOT_SUPPORTED,
          QOS_NOT_SUPPORTED,
          SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,
          MAXIMUM_CONNECT_TIME,
          SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED,
          WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED ->
          Optional.empty();
    };
  }

  /** The number on the wire: 0 to 5. */
  public int value() {
    return value;
  }
}
