package io.vmqtt.testkit.capture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which side broke which rule, for each message of QoS 2 that an application got twice, out of
 * order, or not at all: decided by the packets alone, those of the publisher and those of the
 * subscriber, of a topic that both keep a session for. Rules are named as in MQTT 5.
 */
public final class QosTwoTrial {
  /** Who is to blame. */
  public enum Side {
    BROKER,
    PUBLISHING_CLIENT,
    SUBSCRIBING_CLIENT
  }

  /**
   * One verdict.
   *
   * @param payload names the message
   * @param rule what was broken
   * @param evidence the packets about that message
   */
  public record Verdict(Side side, String payload, String rule, List<String> evidence) {
    @Override
    public String toString() {
      return side + ": " + payload + " " + rule + "\n    " + String.join("\n    ", evidence);
    }
  }

  private final List<CapturedPacket> ofPublisher;
  private final List<CapturedPacket> ofSubscriber;
  private final SentCopies sent;
  private final SentCopies delivered;
  private final List<String> handedOver;

  /**
   * @param capture all packets, those of others too
   * @param handedOver the payloads that the subscriber's application got, in order
   */
  QosTwoTrial(
      List<CapturedPacket> capture, String publisher, String subscriber, List<String> handedOver) {
    this.ofPublisher = of(capture, publisher);
    this.ofSubscriber = of(capture, subscriber);
    this.sent = new SentCopies(ofPublisher, true);
    this.delivered = new SentCopies(ofSubscriber, false);
    this.handedOver = List.copyOf(handedOver);
  }

  private static List<CapturedPacket> of(List<CapturedPacket> capture, String client) {
    return capture.stream().filter(packet -> packet.client().equals(client)).toList();
  }

  /** How many different messages the broker has taken over with PUBREC. */
  public int takenOver() {
    return sent.received().size();
  }

  /** Whether the application has got everything that the broker has taken over. */
  public boolean isComplete() {
    return new HashSet<>(handedOver).containsAll(sent.received());
  }

  /** All verdicts: on what came twice or not at all, then on what came out of order. */
  public List<Verdict> verdicts() {
    List<Verdict> verdicts = new ArrayList<>();
    Map<String, Integer> times = new HashMap<>();
    handedOver.forEach(payload -> times.merge(payload, 1, Integer::sum));
    for (String payload : sent.inOrder()) {
      int got = times.getOrDefault(payload, 0);
      if (got > 1) {
        verdicts.add(doubled(payload, got));
      } else if (got == 0 && sent.received().contains(payload)) {
        verdicts.add(lost(payload));
      }
    }
    Set<String> deliveredLate = behindLater(delivered.inOrder());
    behindLater(handedOver)
        .forEach(payload -> verdicts.add(misordered(payload, deliveredLate.contains(payload))));
    return verdicts;
  }

  private Verdict doubled(String payload, int got) {
    if (delivered.count(payload) > sent.count(payload)) {
      return verdict(
          Side.BROKER,
          payload,
          "made %d deliveries of %d messages [MQTT-4.3.3-10, MQTT-4.4.0-1]"
              .formatted(delivered.count(payload), sent.count(payload)));
    }
    if (delivered.count(payload) > 1) {
      return verdict(
          Side.PUBLISHING_CLIENT,
          payload,
          "was sent again after its PUBREL, or with another packet identifier: %d messages"
                  .formatted(sent.count(payload))
              + " [MQTT-4.3.3-6, MQTT-4.4.0-1]");
    }
    return verdict(
        Side.SUBSCRIBING_CLIENT,
        payload,
        "was delivered once, repetitions under its packet identifier before PUBREL included,"
            + " and handed over %d times [MQTT-4.3.3-10]".formatted(got));
  }

  private Verdict lost(String payload) {
    return delivered.received().contains(payload)
        ? verdict(
            Side.SUBSCRIBING_CLIENT,
            payload,
            "has a PUBREC, but was never handed over [MQTT-4.3.3-8]")
        : verdict(
            Side.BROKER,
            payload,
            "has the broker's PUBREC, but was never taken over [MQTT-4.3.3-8]");
  }

  private Verdict misordered(String payload, boolean deliveredLate) {
    if (!deliveredLate) {
      return verdict(
          Side.SUBSCRIBING_CLIENT, payload, "was delivered in order, but not handed over so");
    }
    CapturedPacket overtaking = sent.overtaking(payload);
    return overtaking != null
        ? verdict(
            Side.PUBLISHING_CLIENT,
            payload,
            "was sent again behind this one [MQTT-4.6.0-1]: " + overtaking)
        : verdict(Side.BROKER, payload, "was delivered behind later ones [MQTT-4.6.0-5]");
  }

  /** What stands, the first time, behind something that was sent later. */
  private Set<String> behindLater(List<String> payloads) {
    Map<String, Integer> orders = new HashMap<>();
    sent.inOrder().forEach(payload -> orders.put(payload, orders.size()));
    Set<String> behind = new LinkedHashSet<>();
    int latest = -1;
    for (String payload : new LinkedHashSet<>(payloads)) {
      int order = orders.getOrDefault(payload, -1);
      if (order < latest) {
        behind.add(payload);
      }
      latest = Math.max(latest, order);
    }
    return behind;
  }

  private Verdict verdict(Side side, String payload, String rule) {
    List<String> evidence = new ArrayList<>();
    evidence.addAll(about(payload, ofPublisher));
    evidence.addAll(about(payload, ofSubscriber));
    return new Verdict(side, payload, rule, evidence);
  }

  /** The packets of one client about a message: its PUBLISHes, and what followed on their ids. */
  private static List<String> about(String payload, List<CapturedPacket> packets) {
    List<String> lines = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (CapturedPacket packet : packets) {
      boolean told =
          switch (packet.packet().type()) {
            case PUBLISH -> isAbout(payload, packet, ids);
            case PUBREC, PUBREL -> ids.contains(packet.packet().packetId());
            case PUBCOMP -> ids.remove(packet.packet().packetId());
            case CONNACK -> !ids.isEmpty();
            default -> false;
          };
      if (told) {
        lines.add(packet.toString());
      }
    }
    return lines;
  }

  /** Whether a PUBLISH is about this message; its identifier is that of no other message now. */
  private static boolean isAbout(String payload, CapturedPacket publish, Set<Integer> ids) {
    boolean same = publish.isExactlyOnce() && publish.payload().equals(payload);
    if (same) {
      ids.add(publish.packet().packetId());
    } else {
      ids.remove(publish.packet().packetId());
    }
    return same;
  }
}
