package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.conformance.Conforms;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class ReasonCodeTest {
  /** The values of table 2-6 of the specification. */
  private static BitSet specified() {
    BitSet values = new BitSet();
    values.set(0x00, 0x03);
    values.set(0x04);
    values.set(0x10, 0x12);
    values.set(0x18, 0x1A);
    values.set(0x80, 0xA3);
    return values;
  }

  @Test
  void of_everyByte_knowsExactlyTheSpecifiedOnes() {
    BitSet specified = specified();
    for (int value = 0; value <= 0xFF; value++) {
      int number = value;
      if (specified.get(value)) {
        assertEquals(value, ReasonCode.of(value).value());
      } else {
        assertThrows(
            IllegalArgumentException.class, () -> ReasonCode.of(number), "value " + number);
      }
    }
    assertEquals(specified.cardinality(), ReasonCode.values().length);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0x03, 0xA3, 0xFF, 0x100, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void of_unknownValue_throwsNamingIt(int value) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> ReasonCode.of(value)).toString();
    assertTrue(message.endsWith(" " + value), message);
  }

  @ParameterizedTest
  @CsvSource({
    "0x00,SUCCESS",
    "0x04,DISCONNECT_WITH_WILL_MESSAGE",
    "0x10,NO_MATCHING_SUBSCRIBERS",
    "0x11,NO_SUBSCRIPTION_EXISTED",
    "0x18,CONTINUE_AUTHENTICATION",
    "0x19,RE_AUTHENTICATE",
    "0x80,UNSPECIFIED_ERROR",
    "0x85,CLIENT_IDENTIFIER_NOT_VALID",
    "0x87,NOT_AUTHORIZED",
    "0x8A,BANNED",
    "0x8E,SESSION_TAKEN_OVER",
    "0x90,TOPIC_NAME_INVALID",
    "0x93,RECEIVE_MAXIMUM_EXCEEDED",
    "0x95,PACKET_TOO_LARGE",
    "0x97,QUOTA_EXCEEDED",
    "0x99,PAYLOAD_FORMAT_INVALID",
    "0x9B,QOS_NOT_SUPPORTED",
    "0x9D,SERVER_MOVED",
    "0x9F,CONNECTION_RATE_EXCEEDED",
    "0xA2,WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED"
  })
  void of_valueOfTheSpecification_hasItsName(int value, ReasonCode code) {
    assertSame(code, ReasonCode.of(value));
  }

  @Test
  void isError_lastSuccessAndFirstFailure_differ() {
    assertEquals(
        ReasonCode.values().length - 8,
        Arrays.stream(ReasonCode.values()).filter(ReasonCode::isError).count());
    assertTrue(ReasonCode.UNSPECIFIED_ERROR.isError());
    assertFalse(ReasonCode.RE_AUTHENTICATE.isError());
  }

  @Test
  void aliases_sharedValue_areSuccess() {
    assertSame(ReasonCode.SUCCESS, ReasonCode.NORMAL_DISCONNECTION);
    assertSame(ReasonCode.SUCCESS, ReasonCode.GRANTED_QOS_0);
  }

  @ParameterizedTest
  @EnumSource(Qos.class)
  void granted_anyQos_hasItsValue(Qos qos) {
    assertEquals(qos.value(), ReasonCode.granted(qos).value());
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCESS,0",
    "UNSUPPORTED_PROTOCOL_VERSION,1",
    "CLIENT_IDENTIFIER_NOT_VALID,2",
    "SERVER_UNAVAILABLE,3",
    "SERVER_BUSY,3",
    "SERVER_SHUTTING_DOWN,3",
    "QUOTA_EXCEEDED,3",
    "CONNECTION_RATE_EXCEEDED,3",
    "BAD_USER_NAME_OR_PASSWORD,4",
    "NOT_AUTHORIZED,5",
    "BANNED,5"
  })
  void connectReturnCode_reasonThatMqtt3Knows_hasItsNumber(ReasonCode reason, int returnCode) {
    assertEquals(
        Optional.of(returnCode), ConnectReturnCode.of(reason).map(ConnectReturnCode::value));
  }

  @ParameterizedTest
  @EnumSource(
      value = ReasonCode.class,
      names = {"MALFORMED_PACKET", "PROTOCOL_ERROR", "SESSION_TAKEN_OVER", "GRANTED_QOS_1"})
  @Conforms(v311 = "MQTT-3.2.2-6")
  void connectReturnCode_reasonThatMqtt3CannotTell_isEmpty(ReasonCode reason) {
    assertEquals(Optional.empty(), ConnectReturnCode.of(reason));
  }

  @ParameterizedTest
  @EnumSource(value = ReasonCode.class, mode = Mode.EXCLUDE, names = "SUCCESS")
  void connectReturnCode_anythingButSuccess_isNotAccepted(ReasonCode reason) {
    assertTrue(ConnectReturnCode.of(reason).filter(c -> c == ConnectReturnCode.ACCEPTED).isEmpty());
  }
}
