package io.vmqtt.store.wire;

/** A request that no sender of this cluster should make. */
public final class InvalidRequestException extends RuntimeException {
  public InvalidRequestException(String message) {
    super(message);
  }
}
