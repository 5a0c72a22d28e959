package io.vmqtt.gateway.connection;

import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;

/** What a delivery awaits from its client next; any other answer is a protocol error, [4.3]. */
enum NextAnswer {
  PUBACK(0),
  PUBREC(1),
  /** PUBREL has left. */
  PUBCOMP(2);

  /** How many bits a {@link #code} has. */
  static final int CODE_BITS = 2;

  private static final NextAnswer[] BY_CODE = {PUBACK, PUBREC, PUBCOMP};

  private final int code;

  NextAnswer(int code) {
    this.code = code;
  }

  /** A small number for it. */
  int code() {
    return code;
  }

  /** What has a number. */
  static NextAnswer of(int code) {
    return BY_CODE[code];
  }

  /** After a PUBLISH of QoS 1 or 2. */
  static NextAnswer afterPublish(Qos qos) {
    return qos == Qos.EXACTLY_ONCE ? PUBREC : PUBACK;
  }

  /**
   * Checks the answer that has come.
   *
   * @throws ProtocolViolation if another was awaited
   */
  void check(NextAnswer answer) {
    if (this != answer) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, answer + " for a delivery that awaits " + this);
    }
  }
}
