package io.vmqtt.gateway.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Users by their certificates, which the transport has found to be good. The user name is in the
 * certificate; one in CONNECT counts for nothing.
 */
public final class CertificateUsers implements AuthenticationMethod {
  private static final int EMAIL_NAME = 1;
  private static final int DNS_NAME = 2;
  private static final int URI_NAME = 6;
  private static final int IP_NAME = 7;

  private final Part part;
  private final Pattern pattern;

  /** What of a certificate names its user. */
  public enum Part {
    /** The common name (CN) of the subject. */
    COMMON_NAME,
    /** The first DNS name among the subject's alternative names. */
    DNS_NAME,
    /** The first e-mail address among them. */
    EMAIL,
    /** The first URI among them. */
    URI,
    /** The first address of a host among them; of IPv6, all eight groups without leading zeros. */
    IP_ADDRESS,
    /** The whole subject, as RFC 2253 writes it: {@code CN=pump-7,OU=north,O=Plant}. */
    SUBJECT,
    /** The SHA-256 digest of the certificate, in hexadecimal digits. */
    FINGERPRINT
  }

  /**
   * Users whose name is in a part of their certificates.
   *
   * @param pattern what that part has to look like; its first group, if there is one, is the name
   */
  public CertificateUsers(Part part, Pattern pattern) {
    this.part = part;
    this.pattern = pattern;
  }

  @Override
  public String name() {
    return "certificate";
  }

  @Override
  public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
    return CompletableFuture.completedFuture(
        Optional.ofNullable(credentials.certificate())
            .flatMap(this::user)
            .map(
                user ->
                    new Authentication.Accepted(
                        credentials.identity(credentials.namespace(), user))));
  }

  private Optional<String> user(X509Certificate certificate) {
    String text =
        switch (part) {
          case COMMON_NAME -> CommonName.of(certificate);
          case DNS_NAME -> alternativeName(certificate, DNS_NAME);
          case EMAIL -> alternativeName(certificate, EMAIL_NAME);
          case URI -> alternativeName(certificate, URI_NAME);
          case IP_ADDRESS -> alternativeName(certificate, IP_NAME);
          case SUBJECT -> certificate.getSubjectX500Principal().getName();
          case FINGERPRINT -> fingerprint(certificate);
        };
    return user(text, pattern);
  }

  /** The user that a name stands for; empty: none. */
  static Optional<String> user(@Nullable String text, Pattern pattern) {
    Matcher matcher = pattern.matcher(text == null ? "" : text);
    if (text == null || !matcher.matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(matcher.group(matcher.groupCount() > 0 ? 1 : 0))
        .filter(user -> !user.isEmpty());
  }

  private static @Nullable String alternativeName(X509Certificate certificate, int type) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? null
          : names.stream()
              .filter(name -> name.getFirst().equals(type))
              .map(name -> String.valueOf(name.getLast()))
              .findFirst()
              .orElse(null);
    } catch (CertificateParsingException _) {
      return null;
    }
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate without an encoding", e);
    }
  }
}
