package io.vmqtt.gateway.access;

import io.vmqtt.model.ReasonCode;
import java.util.concurrent.CompletableFuture;

/** The answer to whether somebody may do something. */
public enum Permission {
  GRANTED(ReasonCode.SUCCESS),
  DENIED(ReasonCode.NOT_AUTHORIZED),
  /** Nobody could tell, or not in time. It is no permission. */
  UNKNOWN(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);

  private final ReasonCode reason;

  @SuppressWarnings("ImmutableEnumChecker") // complete, and never made anything else
  private final CompletableFuture<Permission> known = CompletableFuture.completedFuture(this);

  Permission(ReasonCode reason) {
    this.reason = reason;
  }

  /** This as an answer that is there already: always the same object. */
  public CompletableFuture<Permission> known() {
    return known;
  }

  /** What an acknowledgement of MQTT 5 calls it. */
  public ReasonCode reason() {
    return reason;
  }
}
