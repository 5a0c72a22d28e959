package io.vmqtt.cluster.wire;

import io.vmqtt.cluster.link.Envelope;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.routing.v1.Hello;

/** {@link Envelope} on the wire. */
final class Envelopes {
  private Envelopes() {}

  static io.vmqtt.proto.routing.v1.Envelope of(Envelope envelope) {
    io.vmqtt.proto.routing.v1.Envelope.Builder wire =
        io.vmqtt.proto.routing.v1.Envelope.newBuilder()
            .setSequence(envelope.sequence())
            .setAcknowledged(envelope.acknowledged())
            .setSentAt(envelope.sentAtMillis())
            .setHeard(envelope.heardMillis());
    Peer self = envelope.hello();
    return (self == null ? wire : wire.setHello(hello(self))).build();
  }

  static Envelope read(io.vmqtt.proto.routing.v1.Envelope wire) {
    return new Envelope(
        wire.hasHello() ? peer(wire.getHello()) : null,
        wire.getSequence(),
        wire.getAcknowledged(),
        wire.getSentAt(),
        wire.getHeard());
  }

  private static Hello hello(Peer peer) {
    return Hello.newBuilder()
        .setNodeId(peer.nodeId())
        .setProcess(peer.process())
        .setVersion(peer.version())
        .build();
  }

  private static Peer peer(Hello hello) {
    return new Peer(hello.getNodeId(), hello.getProcess(), hello.getVersion());
  }
}
