package io.vmqtt.gateway.access;

import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** The common name (CN) of the subject of a certificate. */
public final class CommonName {
  private static final String TYPE = "CN";

  private CommonName() {}

  /** Null: it has none, or several, which name nobody. */
  public static @Nullable String of(X509Certificate certificate) {
    return of(certificate.getSubjectX500Principal().getName());
  }

  /** That in a distinguished name (RFC 2253). */
  static @Nullable String of(String distinguishedName) {
    try {
      String found = null;
      for (Rdn part : new LdapName(distinguishedName).getRdns()) {
        if (part.getType().equalsIgnoreCase(TYPE)) {
          if (found != null || !(part.getValue() instanceof String name)) {
            return null;
          }
          found = name;
        }
      }
      return found;
    } catch (InvalidNameException _) {
      return null;
    }
  }
}
