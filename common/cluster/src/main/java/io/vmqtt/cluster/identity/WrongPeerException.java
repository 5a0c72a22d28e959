package io.vmqtt.cluster.identity;

import java.security.cert.CertificateException;

/** Somebody has shown a certificate that is not good for what he wants; it has been said. */
public final class WrongPeerException extends CertificateException {
  WrongPeerException(String message) {
    super(message);
  }

  /** Whether that is what lies behind a failure. */
  public static boolean isBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof WrongPeerException) {
        return true;
      }
    }
    return false;
  }
}
