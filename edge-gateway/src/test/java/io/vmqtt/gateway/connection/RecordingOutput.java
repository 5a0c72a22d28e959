package io.vmqtt.gateway.connection;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that keeps what it is sent, one line for each packet. */
final class RecordingOutput implements ClientOutput {
  static final int LEAST_CONNACK_BYTES = 8;

  boolean writable = true;
  boolean toBeSpared;
  boolean reading = true;
  @Nullable ConnectAccepted accepted;
  private final List<String> packets = new ArrayList<>();

  /** A message as the transport would have it. */
  record TestMessage(String name, int bytes, boolean isExpired) implements Outgoing {
    @Override
    public Message message() {
      return new Message(
          name, ByteBuffer.allocate(bytes), Qos.AT_MOST_ONCE, false, MessageProperties.NONE, 0, 0);
    }

    @Override
    public String topic() {
      return name;
    }

    @Override
    public int encodedBytes(Delivery delivery) {
      return bytes + 5 * delivery.identifiers().size();
    }

    @Override
    public int keptBytes() {
      return bytes;
    }

    static TestMessage named(String name) {
      return new TestMessage(name, 100, false);
    }
  }

  /** What was sent since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(packets);
    packets.clear();
    return taken;
  }

  @Override
  public boolean fits(ConnectAccepted wanted) {
    AuthenticationData proof = wanted.authentication();
    int proofBytes = proof == null ? 0 : text(proof).length();
    return wanted.maximumPacketBytes() >= LEAST_CONNACK_BYTES + proofBytes;
  }

  @Override
  public void connAck(ConnectAccepted sent) {
    accepted = sent;
    AuthenticationData proof = sent.authentication();
    packets.add(
        (sent.sessionPresent() ? "CONNACK present" : "CONNACK")
            + (proof == null ? "" : ' ' + text(proof)));
  }

  @Override
  public boolean auth(ReasonCode reason, AuthenticationData data, long maximumPacketBytes) {
    boolean fits = text(data).length() <= maximumPacketBytes;
    if (fits) {
      packets.add("AUTH " + hex(reason) + ' ' + text(data));
    }
    return fits;
  }

  private static String text(AuthenticationData data) {
    return data.method() + ' ' + new String(data.data(), StandardCharsets.UTF_8);
  }

  @Override
  public void refuseConnect(ProtocolVersion version, ReasonCode reason) {
    packets.add("CONNACK " + hex(reason));
    close();
  }

  @Override
  public void publish(Outgoing message, int packetId, boolean dup, Delivery delivery) {
    int qos = delivery.qos().value();
    packets.add(
        "PUBLISH "
            + ((TestMessage) message).name()
            + (qos > 0 ? " id " + packetId : "")
            + " qos "
            + qos
            + (dup ? " dup" : "")
            + (delivery.retain() ? " retain" : "")
            + (delivery.identifiers().isEmpty() ? "" : " for " + delivery.identifiers()));
  }

  @Override
  public void pubAck(int packetId, ReasonCode reason) {
    packets.add("PUBACK " + packetId + ' ' + hex(reason));
  }

  @Override
  public void pubRec(int packetId, ReasonCode reason) {
    packets.add("PUBREC " + packetId + ' ' + hex(reason));
  }

  @Override
  public void pubRel(int packetId, ReasonCode reason) {
    packets.add("PUBREL " + packetId + ' ' + hex(reason));
  }

  @Override
  public void pubComp(int packetId, ReasonCode reason) {
    packets.add("PUBCOMP " + packetId + ' ' + hex(reason));
  }

  @Override
  public void subAck(int packetId, List<ReasonCode> reasons) {
    packets.add("SUBACK " + packetId + ' ' + hex(reasons));
  }

  @Override
  public void unsubAck(int packetId, List<ReasonCode> reasons) {
    packets.add("UNSUBACK " + packetId + ' ' + hex(reasons));
  }

  @Override
  public void pingResp() {
    packets.add("PINGRESP");
  }

  @Override
  public void disconnect(ReasonCode reason) {
    packets.add("DISCONNECT " + hex(reason));
    close();
  }

  @Override
  public void close() {
    packets.add("closed");
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public boolean isToBeSpared() {
    return toBeSpared;
  }

  @Override
  public void setReading(boolean on) {
    reading = on;
  }

  private static String hex(ReasonCode reason) {
    return "%02x".formatted(reason.value());
  }

  private static String hex(List<ReasonCode> reasons) {
    return reasons.stream().map(RecordingOutput::hex).toList().toString();
  }
}
