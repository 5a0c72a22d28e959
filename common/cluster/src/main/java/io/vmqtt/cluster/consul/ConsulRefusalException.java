package io.vmqtt.cluster.consul;

import com.ecwid.consul.v1.OperationException;
import com.google.common.net.HostAndPort;
import java.io.IOException;

/**
 * Consul answered, but not with success: it has no leader, or does not know what it was asked of.
 */
public final class ConsulRefusalException extends IOException {
  private final int statusCode;

  ConsulRefusalException(HostAndPort address, OperationException cause) {
    super(
        "Consul at "
            + address
            + " answered "
            + cause.getStatusCode()
            + ": "
            + cause.getStatusContent(),
        cause);
    this.statusCode = cause.getStatusCode();
  }

  /** The HTTP status code of the answer. */
  public int statusCode() {
    return statusCode;
  }
}
