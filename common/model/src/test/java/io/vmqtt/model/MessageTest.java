package io.vmqtt.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
  private static Message message(long expiresAtMillis) {
    ByteBuffer payload = ByteBuffer.wrap("secret".getBytes(UTF_8));
    MessageProperties properties =
        new MessageProperties(
            PayloadFormat.UTF_8_TEXT, "type", null, null, List.of(new UserProperty("k", "hidden")));
    return new Message("t", payload, Qos.AT_LEAST_ONCE, true, properties, expiresAtMillis, 7);
  }

  @ParameterizedTest
  @CsvSource({"0,9223372036854775807,false", "100,99,false", "100,100,true", "100,101,true"})
  void isExpired_anyTime_isSoFromTheDeadlineOn(long expiresAt, long now, boolean expected) {
    assertEquals(expected, message(expiresAt).isExpired(now));
  }

  @Test
  void withers_otherValue_changeNothingElse() {
    Message message = message(5);
    Message changed = message.withRetain(false).withQos(Qos.AT_MOST_ONCE);
    assertFalse(changed.retain());
    assertEquals(Qos.AT_MOST_ONCE, changed.qos());
    assertSame(message.payload(), changed.payload());
    assertEquals(message, changed.withRetain(true).withQos(Qos.AT_LEAST_ONCE));
  }

  @Test
  void withers_sameValue_areTheSameMessage() {
    Message message = message(5);
    assertSame(message, message.withRetain(true).withQos(Qos.AT_LEAST_ONCE));
  }

  @Test
  void toString_payloadAndProperties_areNotShown() {
    String text = message(0).toString();
    assertTrue(text.contains("payloadBytes=6"), text);
    assertFalse(text.contains("secret") || text.contains("hidden"), text);
  }

  @Test
  void properties_noneGiven_areEmptyAndEqualToNone() {
    MessageProperties empty = new MessageProperties(null, null, null, null, new ArrayList<>());
    assertTrue(empty.isEmpty());
    assertEquals(MessageProperties.NONE, empty);
  }

  @Test
  void properties_anyGiven_areNotEmpty() {
    ByteBuffer nothing = ByteBuffer.allocate(0);
    UserProperty property = new UserProperty("", "");
    List<MessageProperties> all =
        List.of(
            new MessageProperties(PayloadFormat.UTF_8_TEXT, null, null, null, List.of()),
            new MessageProperties(PayloadFormat.UNSPECIFIED_BYTES, null, null, null, List.of()),
            new MessageProperties(null, "", null, null, List.of()),
            new MessageProperties(null, null, "r", null, List.of()),
            new MessageProperties(null, null, null, nothing, List.of()),
            new MessageProperties(null, null, null, null, List.of(property)));
    for (MessageProperties properties : all) {
      assertFalse(properties.isEmpty(), properties.toString());
    }
  }

  @Test
  void correlationData_oneReaderConsumesIt_othersStillSeeAll() {
    ByteBuffer given = ByteBuffer.wrap(new byte[] {1, 2, 3});
    MessageProperties properties = new MessageProperties(null, null, null, given, List.of());
    given.position(3);
    ByteBuffer first = Objects.requireNonNull(properties.correlationData());
    assertTrue(first.isReadOnly());
    assertEquals(1, first.get());
    ByteBuffer second = Objects.requireNonNull(properties.correlationData());
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), second);
  }

  @Test
  void userProperties_listChangedLater_keepsWhatWasGiven() {
    List<UserProperty> given = new ArrayList<>(List.of(new UserProperty("a", "1")));
    MessageProperties properties = new MessageProperties(null, null, null, null, given);
    given.clear();
    assertEquals(List.of(new UserProperty("a", "1")), properties.userProperties());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 268_435_456, Integer.MAX_VALUE})
  void subscription_identifierOutOfRange_throwsNamingIt(int identifier) {
    TopicFilter filter = TopicFilter.parse("a");
    SubscriptionOptions options = SubscriptionOptions.of(Qos.EXACTLY_ONCE);
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> new Subscription(filter, options, identifier))
            .toString();
    assertTrue(message.endsWith(" " + identifier), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 268_435_455})
  void subscription_identifierInRange_isKept(int identifier) {
    SubscriptionOptions options = SubscriptionOptions.of(Qos.EXACTLY_ONCE);
    assertEquals(RetainHandling.SEND, options.retainHandling());
    assertEquals(
        identifier, new Subscription(TopicFilter.parse("a"), options, identifier).identifier());
  }
}
