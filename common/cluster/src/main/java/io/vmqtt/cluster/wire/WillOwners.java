package io.vmqtt.cluster.wire;

import io.vmqtt.model.Namespace;
import io.vmqtt.proto.session.v1.WillOwner;

/** Whose wills are, on the wire and on disk. */
public final class WillOwners {
  private WillOwners() {}

  /** The wire form. */
  public static WillOwner toWire(io.vmqtt.cluster.access.WillOwner owner) {
    WillOwner.Builder wire =
        WillOwner.newBuilder()
            .setNamespace(owner.namespace().name())
            .setClientId(owner.clientId())
            .putAllClaims(owner.claims());
    if (owner.userName() != null) {
      wire.setUserName(owner.userName());
    }
    if (owner.certificateName() != null) {
      wire.setCertificateName(owner.certificateName());
    }
    return wire.build();
  }

  /** Who the wire form stands for. */
  public static io.vmqtt.cluster.access.WillOwner fromWire(WillOwner wire) {
    return new io.vmqtt.cluster.access.WillOwner(
        Namespace.of(wire.getNamespace()),
        wire.getClientId(),
        wire.hasUserName() ? wire.getUserName() : null,
        wire.hasCertificateName() ? wire.getCertificateName() : null,
        wire.getClaimsMap());
  }
}
