package io.vmqtt.gateway.access.scram;

import com.ongres.scram.common.ScramMechanism;

/** What SCRAM is computed with, and so the mechanisms that there are. None binds channels. */
public enum ScramHash {
  SHA_256(ScramMechanism.SCRAM_SHA_256, 32),
  SHA_512(ScramMechanism.SCRAM_SHA_512, 64);

  private final ScramMechanism mechanism;
  private final int bytes;

  ScramHash(ScramMechanism mechanism, int bytes) {
    this.mechanism = mechanism;
    this.bytes = bytes;
  }

  /** Such as {@code SCRAM-SHA-256}. */
  public String mechanismName() {
    return mechanism.getName();
  }

  ScramMechanism mechanism() {
    return mechanism;
  }

  /** Of a key, and of a proof. */
  int bytes() {
    return bytes;
  }
}
