package io.vmqtt.gateway.connection;

/** What a client must not answer to a delivery with packet identifier 1. */
enum WrongAnswer {
  PUBREC_AT_QOS_1(1, false),
  FAILED_PUBREC_AT_QOS_1(1, false),
  PUBCOMP_AT_QOS_1(1, false),
  PUBACK_AT_QOS_2(2, false),
  PUBCOMP_BEFORE_PUBREC(2, false),
  PUBACK_AFTER_PUBREL(2, true),
  FAILED_PUBREC_AFTER_PUBREL(2, true);

  final int qos;
  final boolean released;

  WrongAnswer(int qos, boolean released) {
    this.qos = qos;
    this.released = released;
  }

  void send(Connection connection) {
    switch (this) {
      case PUBREC_AT_QOS_1 -> connection.pubRec(1, false);
      case FAILED_PUBREC_AT_QOS_1, FAILED_PUBREC_AFTER_PUBREL -> connection.pubRec(1, true);
      case PUBCOMP_AT_QOS_1, PUBCOMP_BEFORE_PUBREC -> connection.pubComp(1);
      case PUBACK_AT_QOS_2, PUBACK_AFTER_PUBREL -> connection.pubAck(1);
    }
  }
}
