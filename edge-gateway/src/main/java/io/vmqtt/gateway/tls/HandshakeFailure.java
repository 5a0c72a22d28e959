package io.vmqtt.gateway.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a handshake came to nothing: few words, for they are values of a metric's tag. */
enum HandshakeFailure {
  /** It took too long. */
  TIME_OUT,
  /** The client speaks something else. */
  NOT_TLS,
  /** The client went, or was cut off, on the way. */
  CLOSED,
  /** The client has to show a certificate, and has none, or not a good one. */
  CLIENT_CERTIFICATE,
  /** The client did not go on: it does not believe the broker's certificate, for example. */
  REFUSED_BY_CLIENT,
  /** No version or cipher in common, or broken records. */
  PROTOCOL;

  /** By words alone, providers say that a client has shown none, and QUIC that it is no good. */
  private static final Pattern NO_CERTIFICATE =
      Pattern.compile(
          "did_not_return_a_certificate|empty client certificate chain|certificate_verify_failed");

  /** By words alone, both providers tell an alert of the client. */
  private static final Pattern ALERT = Pattern.compile("_alert_|received fatal alert");

  private static final String CLOSED_ON_THE_WAY = "closed while";

  /** Finds it in what Netty and the provider say. */
  static HandshakeFailure of(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      HandshakeFailure found = ofOne(cause);
      if (found != null) {
        return found;
      }
    }
    return PROTOCOL;
  }

  private static @Nullable HandshakeFailure ofOne(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (cause instanceof SslHandshakeTimeoutException) {
      return TIME_OUT;
    }
    if (cause instanceof NotSslRecordException) {
      return NOT_TLS;
    }
    if (cause instanceof ClosedChannelException || message.contains(CLOSED_ON_THE_WAY)) {
      return CLOSED;
    }
    if (cause instanceof CertificateException
        || cause instanceof CertPathValidatorException
        || NO_CERTIFICATE.matcher(message).find()) {
      return CLIENT_CERTIFICATE;
    }
    return ALERT.matcher(message).find() ? REFUSED_BY_CLIENT : null;
  }

  /** As a tag has it: {@code time-out}. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
