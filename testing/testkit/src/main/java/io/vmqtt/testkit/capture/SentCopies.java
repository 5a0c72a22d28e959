package io.vmqtt.testkit.capture;

import io.vmqtt.testkit.raw.PacketType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages of QoS 2 that one side of one client has sent, told apart as the other side must
 * tell them: a PUBLISH is a repetition while its packet identifier has not been released by PUBREL,
 * and a message of its own afterwards [MQTT-4.3.3-10, -12]. Who says the same under another
 * identifier, or after PUBREL, has made two messages of one.
 */
final class SentCopies {
  private static final int FIRST_FAILURE = 0x80;

  private final Map<Integer, String> unreleased = new HashMap<>();
  private final Map<String, Integer> copies = new HashMap<>();
  private final Map<String, Integer> firsts = new LinkedHashMap<>();
  private final Set<String> received = new HashSet<>();
  private final Set<String> unanswered = new LinkedHashSet<>();
  private final Map<String, CapturedPacket> overtaking = new HashMap<>();
  private final Map<Integer, Set<String>> byConnection = new HashMap<>();

  /**
   * @param byClient whose messages: the client's, or those of the broker to it
   */
  SentCopies(List<CapturedPacket> packetsOfOneClient, boolean byClient) {
    for (CapturedPacket packet : packetsOfOneClient) {
      if (packet.isExactlyOnce() && packet.fromClient() == byClient) {
        publish(packet);
      } else if (packet.is(PacketType.PUBREL) && packet.fromClient() == byClient) {
        unreleased.remove(packet.packet().packetId());
      } else if (packet.is(PacketType.PUBREC) && packet.fromClient() != byClient) {
        pubrec(packet);
      }
    }
  }

  private void publish(CapturedPacket packet) {
    String payload = packet.payload();
    int order = firsts.computeIfAbsent(payload, first -> firsts.size());
    if (!payload.equals(unreleased.put(packet.packet().packetId(), payload))) {
      copies.merge(payload, 1, Integer::sum);
    }
    Set<String> onConnection =
        byConnection.computeIfAbsent(packet.connection(), first -> new HashSet<>());
    onConnection.add(payload);
    for (String earlier : unanswered) {
      if (firsts.getOrDefault(earlier, order) < order && !onConnection.contains(earlier)) {
        overtaking.putIfAbsent(earlier, packet);
      }
    }
    if (!received.contains(payload)) {
      unanswered.add(payload);
    }
  }

  private void pubrec(CapturedPacket packet) {
    int id = packet.packet().packetId();
    String payload = unreleased.get(id);
    if (payload == null) {
      return;
    }
    unanswered.remove(payload);
    if (packet.packet().reasonCode() >= FIRST_FAILURE) {
      unreleased.remove(id); // what comes next under this identifier is a message of its own
      copies.merge(payload, -1, Integer::sum);
    } else {
      received.add(payload);
    }
  }

  /** All payloads, in the order in which each was sent first. */
  List<String> inOrder() {
    return List.copyOf(firsts.keySet());
  }

  /** How many messages were made of this one, at least as the other side sees it. */
  int count(String payload) {
    return copies.getOrDefault(payload, 0);
  }

  /** Those that the other side has said it has: PUBREC. */
  Set<String> received() {
    return received;
  }

  /**
   * Where one that was first sent later went before a message that had no answer yet and had to go
   * first on that connection [MQTT-4.6.0-1]; null: nowhere.
   */
  @Nullable CapturedPacket overtaking(String payload) {
    return overtaking.get(payload);
  }
}
