package io.vmqtt.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vmqtt.model.DeliveryPolicy;
import io.vmqtt.model.Durability;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.PayloadFormat;
import io.vmqtt.model.Qos;
import io.vmqtt.model.UserProperty;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessagesTest {

  @Test
  void fromWire_randomMessages_areWhatToWireWasGiven() throws InvalidProtocolBufferException {
    for (long seed = 1; seed <= 2000; seed++) {
      Message message = randomMessage(new Random(seed));

      byte[] wire = Messages.toWire(message).toByteArray();
      Message back = Messages.fromWire(io.vmqtt.proto.message.v1.Message.parseFrom(wire));

      assertEquals(message, back, "seed " + seed);
      assertEquals(message.payload().remaining(), back.payload().remaining(), "seed " + seed);
    }
  }

  @Test
  void toWire_messageIsStillUsable_payloadKeepsItsPosition() {
    ByteBuffer payload = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}, 1, 3);
    Message message =
        new Message("t", payload, Qos.AT_LEAST_ONCE, false, MessageProperties.NONE, 0, 0);

    Messages.toWire(message);

    assertEquals(1, payload.position());
    assertEquals(3, payload.remaining());
    assertEquals(message, Messages.fromWire(Messages.toWire(message)));
  }

  @ParameterizedTest
  @EnumSource
  void toWire_policyOfItsQos_takesNoRoom_anotherIsCarried(Durability durability) {
    DeliveryPolicy policy = new DeliveryPolicy(durability);
    for (Qos qos : Qos.values()) {
      Message message =
          new Message("t", ByteBuffer.allocate(0), qos, false, MessageProperties.NONE, 0, 0)
              .withPolicy(policy);
      io.vmqtt.proto.message.v1.Message wire = Messages.toWire(message);
      assertEquals(
          !policy.equals(DeliveryPolicy.of(qos)), wire.getDurabilityValue() != 0, qos::name);
      assertEquals(message, Messages.fromWire(wire));
    }
  }

  @Test
  void policy_ofALaterVersion_refusedByItsNumber() {
    io.vmqtt.proto.message.v1.Message wire =
        io.vmqtt.proto.message.v1.Message.newBuilder().setDurabilityValue(9).build();

    assertEquals(
        "unknown durability 9",
        assertThrows(IllegalArgumentException.class, () -> Messages.policy(wire)).getMessage());
  }

  @Test
  void toWire_noProperties_carriesNone() {
    Message message =
        new Message(
            "t", ByteBuffer.allocate(0), Qos.AT_MOST_ONCE, true, MessageProperties.NONE, 0, 7);

    assertFalse(Messages.toWire(message).hasProperties());
  }

  @Test
  void fromWire_emptyTextsAndData_areNotTakenForAbsent() {
    MessageProperties empty =
        new MessageProperties(
            PayloadFormat.UNSPECIFIED_BYTES,
            "",
            "r",
            ByteBuffer.allocate(0),
            List.of(new UserProperty("", "")));
    Message message =
        new Message("t", ByteBuffer.allocate(0), Qos.EXACTLY_ONCE, false, empty, 0, 0);

    assertEquals(empty, Messages.fromWire(Messages.toWire(message)).properties());
  }

  /** What lies on disks knows no difference between 0 and absent: it left 0 out. */
  @Test
  void fromWire_propertiesOfOldMessages_readAsTheyWereMeant() throws IOException {
    assertEquals(PayloadFormat.UTF_8_TEXT, payloadFormatOf(new byte[] {0x08, 1}));
    assertNull(payloadFormatOf(new byte[] {0x12, 0}));
  }

  private static @Nullable PayloadFormat payloadFormatOf(byte[] properties) throws IOException {
    var wire = io.vmqtt.proto.message.v1.MessageProperties.parseFrom(properties);
    return Messages.fromWire(
            io.vmqtt.proto.message.v1.Message.newBuilder().setProperties(wire).build())
        .properties()
        .payloadFormat();
  }

  @Test
  void frameSize_largeParts_countsThem() {
    Message message =
        new Message(
            "t".repeat(1000),
            ByteBuffer.allocate(5000),
            Qos.AT_MOST_ONCE,
            false,
            new MessageProperties(
                null, null, null, null, List.of(new UserProperty("name", "v".repeat(9000)))),
            0,
            0);

    int bytes = FrameSize.of(Messages.toWire(message));

    assertTrue(bytes >= 15_000, "a bound that does not count this is none: " + bytes);
  }

  /** In memory each is far more than on the way. */
  @Test
  void frameSize_manySmallUserProperties_countsForWhatTheyTake() {
    Message message =
        new Message(
            "t",
            ByteBuffer.allocate(0),
            Qos.AT_MOST_ONCE,
            false,
            new MessageProperties(
                null, null, null, null, Collections.nCopies(1_000, new UserProperty("", ""))),
            0,
            0);

    int bytes = FrameSize.of(Messages.toWire(message));

    assertTrue(bytes > 100_000, "a bound that does not count this is none: " + bytes);
  }

  private static Message randomMessage(Random random) {
    return new Message(
        randomText(random, 1, 30),
        randomBytes(random),
        Qos.of(random.nextInt(3)),
        random.nextBoolean(),
        randomProperties(random),
        random.nextBoolean() ? 0 : random.nextLong(1, Long.MAX_VALUE),
        random.nextLong());
  }

  private static MessageProperties randomProperties(Random random) {
    if (random.nextInt(4) == 0) {
      return MessageProperties.NONE;
    }
    List<UserProperty> userProperties = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      userProperties.add(new UserProperty(randomText(random, 0, 5), randomText(random, 0, 20)));
    }
    return new MessageProperties(
        payloadFormat(random),
        maybe(random, randomText(random, 0, 10)),
        maybe(random, randomText(random, 1, 10)),
        random.nextBoolean() ? randomBytes(random) : null,
        userProperties);
  }

  private static @Nullable String maybe(Random random, String text) {
    return random.nextBoolean() ? text : null;
  }

  private static ByteBuffer randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(50)];
    random.nextBytes(bytes);
    int from = random.nextInt(bytes.length + 1);
    return ByteBuffer.wrap(bytes, from, bytes.length - from);
  }

  /** Text of one to four bytes per character. */
  private static String randomText(Random random, int minChars, int maxChars) {
    int[] codePoints = {'a', '/', ' ', 'é', '\u07ff', '€', '\ufffd', 0x1F600, 0x10FFFF};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(minChars, maxChars + 1); i > 0; i--) {
      text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
    }
    return text.toString();
  }

  private static @Nullable PayloadFormat payloadFormat(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> PayloadFormat.UNSPECIFIED_BYTES;
      case 1 -> PayloadFormat.UTF_8_TEXT;
      default -> null;
    };
  }
}
