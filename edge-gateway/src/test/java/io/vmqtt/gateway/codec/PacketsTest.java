package io.vmqtt.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.vmqtt.gateway.connection.AuthenticationData;
import io.vmqtt.gateway.connection.ClientOutput.ConnectAccepted;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes of the packets that a broker sends, and what another implementation reads from them. */
class PacketsTest {
  private static final Limits LIMITS = new Limits(1024, 10, 10, 10, 32, 0, 1 << 20);

  private final ByteBuf out = Unpooled.buffer();

  @Test
  @Conforms(v5 = {"MQTT-3.1.2-28", "MQTT-3.2.2-1", "MQTT-4.12.0-6"})
  void writeConnAck_version5WithEverything_bytes() {
    Packets.writeConnAck(
        out,
        new ConnectAccepted(ProtocolVersion.V5, true, "abc", 0xFFFF_FFFFL, 60, Long.MAX_VALUE),
        LIMITS);

    assertEquals(
        DecodedBy.hex(
            """
            20                // CONNACK
            1c                // remaining length: 28
            01                // session present
            00                // reason code: success
            19                // properties: 25 bytes
            11 ff ff ff ff    // session expiry interval: never
            21 04 00          // receive maximum: 1024
            27 00 10 00 00    // maximum packet size: 1 MiB
            22 00 20          // topic alias maximum: 32
            12 00 03 61 62 63 // assigned client identifier: abc
            13 00 3c          // server keep alive: 60
            """),
        DecodedBy.hex(out));
  }

  @Test
  void writeConnAck_version5_readBackByNetty() {
    Packets.writeConnAck(
        out, new ConnectAccepted(ProtocolVersion.V5, true, "abc", 77, 60, Long.MAX_VALUE), LIMITS);

    MqttConnAckMessage read = (MqttConnAckMessage) decoded(ProtocolVersion.V5);

    MqttProperties properties = read.variableHeader().properties();
    assertTrue(read.variableHeader().isSessionPresent());
    assertEquals(0, read.variableHeader().connectReturnCode().byteValue());
    assertEquals(77, value(properties, MqttProperties.SESSION_EXPIRY_INTERVAL));
    assertEquals(1024, value(properties, MqttProperties.RECEIVE_MAXIMUM));
    assertEquals(1 << 20, value(properties, MqttProperties.MAXIMUM_PACKET_SIZE));
    assertEquals(32, value(properties, MqttProperties.TOPIC_ALIAS_MAXIMUM));
    assertEquals("abc", value(properties, MqttProperties.ASSIGNED_CLIENT_IDENTIFIER));
    assertEquals(60, value(properties, MqttProperties.SERVER_KEEP_ALIVE));
  }

  @Test
  @Conforms(v5 = {"MQTT-3.1.2-28", "MQTT-3.2.2-1", "MQTT-4.12.0-6"})
  void writeConnAck_version5WithLittle_onlyTheLimits() {
    Packets.writeConnAck(
        out,
        new ConnectAccepted(ProtocolVersion.V5, false, null, 0, null, Long.MAX_VALUE),
        new Limits(65_535, 10, 10, 10, 0, 0, 1 << 20));

    assertEquals(
        DecodedBy.hex(
            """
            20             // CONNACK
            0b             // remaining length: 11
            00             // no session present
            00             // reason code: success
            08             // properties: 8 bytes
            21 ff ff       // receive maximum: 65,535
            27 00 10 00 00 // maximum packet size: 1 MiB
            """),
        DecodedBy.hex(out));
  }

  /** [MQTT-3.1.2-24]: what a client can do without is left out first. */
  @Test
  @Conforms(v5 = {"MQTT-3.1.2-24", "MQTT-3.2.2-19", "MQTT-3.2.2-20"})
  void writeConnAck_clientTakesLittle_onlyWhatItMustKnow() {
    ConnectAccepted accepted = new ConnectAccepted(ProtocolVersion.V5, false, "abc", 9, 60, 22);
    Packets.writeConnAck(out, accepted, LIMITS);

    assertTrue(Packets.connAckFits(accepted, LIMITS));
    assertEquals(
        DecodedBy.hex(
            """
            20                // CONNACK
            14                // remaining length: 20
            00                // no session present
            00                // reason code: success
            11                // properties: 17 bytes
            11 00 00 00 09    // session expiry interval: 9
            21 04 00          // receive maximum: 1024
            12 00 03 61 62 63 // assigned client identifier: abc
            13 00 3c          // server keep alive: 60
            """),
        DecodedBy.hex(out));
  }

  @Test
  @Conforms(v5 = "MQTT-4.12.0-5")
  void writeConnAck_authenticationMethod_isRepeatedAlsoWhereTheClientTakesLittle() {
    ConnectAccepted accepted =
        new ConnectAccepted(
            ProtocolVersion.V5,
            false,
            null,
            0,
            null,
            20,
            new AuthenticationData("JWT", new byte[] {7}));
    Packets.writeConnAck(out, accepted, LIMITS);

    assertTrue(Packets.connAckFits(accepted, LIMITS));
    assertEquals(
        DecodedBy.hex(
            """
            20                // CONNACK
            10                // remaining length: 16
            00                // no session present
            00                // reason code: success
            0d                // properties: 13 bytes
            21 04 00          // receive maximum: 1024
            15 00 03 4a 57 54 // authentication method: JWT
            16 00 01 07       // authentication data
            """),
        DecodedBy.hex(out));
  }

  @Test
  @Conforms(
      v5 = {"MQTT-3.15.2-1", "MQTT-3.15.2-2", "MQTT-3.15.2-3", "MQTT-4.12.0-2", "MQTT-4.12.0-5"})
  void auth_methodAndData_areAllThatThereIs() {
    assertEquals(
        DecodedBy.hex(
            """
            f0                // AUTH
            0c                // remaining length: 12
            18                // reason code: continue authentication
            0a                // properties: 10 bytes
            15 00 03 4a 57 54 // authentication method: JWT
            16 00 01 07       // authentication data
            """),
        DecodedBy.hex(
            Packets.auth(
                ReasonCode.CONTINUE_AUTHENTICATION,
                new AuthenticationData("JWT", new byte[] {7}))));
    assertEquals(
        DecodedBy.hex("f0 08 00 06 15 00 03 4a 57 54"),
        DecodedBy.hex(
            Packets.auth(ReasonCode.SUCCESS, new AuthenticationData("JWT", new byte[0]))));
  }

  @Test
  void connAckFits_clientTakesLessThanItMustKnow_false() {
    assertFalse(
        Packets.connAckFits(
            new ConnectAccepted(ProtocolVersion.V5, false, "abc", 9, 60, 21), LIMITS));
  }

  @Test
  void writeConnAck_longAssignedClientId_lengthTakesTwoBytes() {
    String longId = "x".repeat(200);
    Packets.writeConnAck(
        out,
        new ConnectAccepted(ProtocolVersion.V5, false, longId, 0, null, Long.MAX_VALUE),
        LIMITS);

    MqttConnAckMessage read = (MqttConnAckMessage) decoded(ProtocolVersion.V5);

    assertEquals(
        longId,
        value(read.variableHeader().properties(), MqttProperties.ASSIGNED_CLIENT_IDENTIFIER));
  }

  @Test
  @Conforms(v311 = "MQTT-2.2.2-1")
  void writeConnAck_version3_flagsAndReturnCodeAlone() {
    Packets.writeConnAck(
        out, new ConnectAccepted(ProtocolVersion.V3, true, "abc", 77, 60, Long.MAX_VALUE), LIMITS);

    assertEquals(
        DecodedBy.hex(
            """
            20 // CONNACK
            02 // remaining length
            01 // session present
            00 // return code: accepted
            """),
        DecodedBy.hex(out));
  }

  @Test
  @Conforms(v5 = {"MQTT-2.2.2-1", "MQTT-3.2.2-6", "MQTT-3.2.2-19", "MQTT-3.2.2-20"})
  void writeConnectRefused_version5_reasonCodeWithoutProperties() {
    Packets.writeConnectRefused(out, ProtocolVersion.V5, ReasonCode.SERVER_UNAVAILABLE);

    assertEquals(
        DecodedBy.hex(
            """
            20 // CONNACK
            03 // remaining length
            00 // no session present [MQTT-3.2.2-6]
            88 // reason code: server unavailable
            00 // no properties
            """),
        DecodedBy.hex(out));
  }

  /** Section 3.2.2.3 of 3.1.1. */
  @Test
  @Conforms(v311 = {"MQTT-3.1.2-2", "MQTT-3.1.3-9", "MQTT-3.2.2-4"})
  void writeConnectRefused_version3_itsOwnReturnCodes() {
    Map<ReasonCode, String> expected =
        Map.of(
            ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "20 02 00 01",
            ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "20 02 00 02",
            ReasonCode.SERVER_UNAVAILABLE, "20 02 00 03",
            ReasonCode.BAD_USER_NAME_OR_PASSWORD, "20 02 00 04",
            ReasonCode.NOT_AUTHORIZED, "20 02 00 05");

    expected.forEach(
        (reason, bytes) -> {
          out.clear();
          Packets.writeConnectRefused(out, ProtocolVersion.V3, reason);
          assertEquals(bytes, DecodedBy.hex(out));
        });
  }

  /** [MQTT-3.2.2-6] of 3.1.1: without a fitting return code there is no CONNACK. */
  @Test
  @Conforms(v311 = "MQTT-3.2.2-6")
  void writeConnectRefused_version3HasNoWordForIt_nothing() {
    Packets.writeConnectRefused(out, ProtocolVersion.V3, ReasonCode.PROTOCOL_ERROR);

    assertEquals("", DecodedBy.hex(out));
  }

  @Test
  @Conforms(
      v311 = {"MQTT-2.2.2-1", "MQTT-2.3.1-6"},
      v5 = {
        "MQTT-2.1.3-1",
        "MQTT-2.2.1-5",
        "MQTT-3.1.2-29",
        "MQTT-3.4.2-2",
        "MQTT-3.4.2-3",
        "MQTT-3.5.2-2",
        "MQTT-3.5.2-3",
        "MQTT-3.6.2-2",
        "MQTT-3.6.2-3",
        "MQTT-3.7.2-2",
        "MQTT-3.7.2-3"
      })
  void writePublishReply_success_packetIdAlone() {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      out.clear();
      Packets.writePublishReply(out, Packets.PUBACK, version, 0x1234, ReasonCode.SUCCESS);
      Packets.writePublishReply(out, Packets.PUBREC, version, 1, ReasonCode.SUCCESS);
      Packets.writePublishReply(out, Packets.PUBREL, version, 2, ReasonCode.SUCCESS);
      Packets.writePublishReply(out, Packets.PUBCOMP, version, 65_535, ReasonCode.SUCCESS);

      assertEquals(
          DecodedBy.hex(
              """
              40 02 12 34 // PUBACK
              50 02 00 01 // PUBREC
              62 02 00 02 // PUBREL, reserved bits 0010 [MQTT-3.6.1-1]
              70 02 ff ff // PUBCOMP
              """),
          DecodedBy.hex(out));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ReasonCode.class,
      names = {"NO_MATCHING_SUBSCRIBERS", "QUOTA_EXCEEDED", "PACKET_IDENTIFIER_NOT_FOUND"})
  void writePublishReply_version5NotPlainSuccess_carriesTheReason(ReasonCode reason) {
    Packets.writePublishReply(out, Packets.PUBREC, ProtocolVersion.V5, 7, reason);

    MqttMessage read = decoded(ProtocolVersion.V5);

    assertEquals(MqttMessageType.PUBREC, read.fixedHeader().messageType());
    MqttPubReplyMessageVariableHeader header =
        (MqttPubReplyMessageVariableHeader) read.variableHeader();
    assertEquals(7, header.messageId());
    assertEquals((byte) reason.value(), header.reasonCode());
  }

  @Test
  void writePublishReply_version3_neverCarriesAReason() {
    Packets.writePublishReply(
        out, Packets.PUBACK, ProtocolVersion.V3, 7, ReasonCode.NO_MATCHING_SUBSCRIBERS);

    assertEquals("40 02 00 07", DecodedBy.hex(out));
  }

  @Test
  @Conforms(
      v311 = "MQTT-2.3.1-7",
      v5 = {"MQTT-2.2.1-6", "MQTT-2.2.2-1", "MQTT-3.1.2-29", "MQTT-3.9.2-1", "MQTT-3.9.2-2"})
  void writeReasons_subAck_bytesOfBothVersions() {
    List<ReasonCode> reasons =
        List.of(ReasonCode.GRANTED_QOS_2, ReasonCode.UNSPECIFIED_ERROR, ReasonCode.GRANTED_QOS_0);

    Packets.writeReasons(out, Packets.SUBACK, ProtocolVersion.V3, 7, reasons);
    Packets.writeReasons(out, Packets.SUBACK, ProtocolVersion.V5, 7, reasons);

    assertEquals(
        DecodedBy.hex(
            """
            90 05 00 07 02 80 00    // SUBACK of 3.1.1
            90 06 00 07 00 02 80 00 // SUBACK of 5.0: no properties
            """),
        DecodedBy.hex(out));
  }

  @Test
  @Conforms(
      v311 = "MQTT-2.3.1-7",
      v5 = {"MQTT-2.2.1-6", "MQTT-2.2.2-1", "MQTT-3.1.2-29", "MQTT-3.11.2-1", "MQTT-3.11.2-2"})
  void writeReasons_unsubAck_noReasonsBeforeVersion5() {
    List<ReasonCode> reasons = List.of(ReasonCode.SUCCESS, ReasonCode.NO_SUBSCRIPTION_EXISTED);

    Packets.writeReasons(out, Packets.UNSUBACK, ProtocolVersion.V3, 7, reasons);
    Packets.writeReasons(out, Packets.UNSUBACK, ProtocolVersion.V5, 7, reasons);

    assertEquals(
        DecodedBy.hex(
            """
            b0 02 00 07          // UNSUBACK of 3.1.1
            b0 05 00 07 00 00 11 // UNSUBACK of 5.0
            """),
        DecodedBy.hex(out));
  }

  @ParameterizedTest
  @EnumSource
  void writeReasons_veryMany_readBackByNetty(ProtocolVersion version) {
    int count = 3000;
    Packets.writeReasons(
        out, Packets.SUBACK, version, 9, Collections.nCopies(count, ReasonCode.GRANTED_QOS_1));

    MqttSubAckMessage read = (MqttSubAckMessage) decoded(version);

    assertEquals(9, read.variableHeader().messageId());
    assertEquals(Collections.nCopies(count, 1), read.payload().reasonCodes());
  }

  @Test
  void writeReasons_unsubAck_readBackByNetty() {
    Packets.writeReasons(
        out,
        Packets.UNSUBACK,
        ProtocolVersion.V5,
        9,
        List.of(ReasonCode.SUCCESS, ReasonCode.TOPIC_FILTER_INVALID));

    MqttUnsubAckMessage read = (MqttUnsubAckMessage) decoded(ProtocolVersion.V5);

    assertEquals(List.of((short) 0, (short) 0x8F), read.payload().unsubscribeReasonCodes());
  }

  @Test
  void writePingResp_bytes() {
    Packets.writePingResp(out);

    assertEquals("d0 00", DecodedBy.hex(out));
  }

  @Test
  @Conforms(v5 = {"MQTT-2.1.3-1", "MQTT-3.14.2-2", "MQTT-3.14.2-3", "MQTT-3.14.2-4"})
  void writeDisconnect_version5_readBackByNetty() {
    Packets.writeDisconnect(out, ReasonCode.SESSION_TAKEN_OVER);
    assertEquals("e0 02 8e 00", DecodedBy.hex(out));

    MqttMessage read = decoded(ProtocolVersion.V5);

    assertEquals(
        (byte) 0x8E,
        ((MqttReasonCodeAndPropertiesVariableHeader) read.variableHeader()).reasonCode());
  }

  /** Section 1.5.5. */
  @Test
  @Conforms(v5 = "MQTT-1.5.5-1")
  void writeVariableLength_edgesOfEachLength_bytes() {
    Map<Integer, String> expected =
        Map.of(
            0, "00",
            127, "7f",
            128, "80 01",
            16_383, "ff 7f",
            16_384, "80 80 01",
            2_097_151, "ff ff 7f",
            2_097_152, "80 80 80 01",
            268_435_455, "ff ff ff 7f");

    expected.forEach(
        (value, bytes) -> {
          out.clear();
          Packets.writeVariableLength(out, value);
          assertEquals(bytes, DecodedBy.hex(out));
          assertEquals(out.readableBytes(), Packets.variableLengthBytes(value));
        });
  }

  private MqttMessage decoded(ProtocolVersion version) {
    try (DecodedBy client = new DecodedBy(version)) {
      return client.packet(out);
    }
  }

  private static @Nullable Object value(MqttProperties properties, int id) {
    MqttProperties.MqttProperty<?> property = properties.getProperty(id);
    return property == null ? null : property.value();
  }
}
