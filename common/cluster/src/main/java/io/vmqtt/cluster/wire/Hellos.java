package io.vmqtt.cluster.wire;

import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.routing.v1.Hello;

/** {@link Peer} on the wire. */
final class Hellos {
  private Hellos() {}

  static Hello of(Peer peer) {
    return Hello.newBuilder()
        .setNodeId(peer.nodeId())
        .setProcess(peer.process())
        .setVersion(peer.version())
        .build();
  }

  static Peer peer(Hello hello) {
    return new Peer(hello.getNodeId(), hello.getProcess(), hello.getVersion());
  }
}
