package io.vmqtt.cluster.identity;

import io.vmqtt.cluster.discovery.Role;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The roles that a certificate proves: each is a URI among its names, {@link #uri}. */
public final class ProvenRoles {
  private static final int URI = 6;

  private ProvenRoles() {}

  /** How a certificate names a role: {@code vmqtt:role:session-store}. */
  public static String uri(Role role) {
    return "vmqtt:role:" + role.serviceName();
  }

  /** All that a certificate proves; none where it is not of this cluster. */
  public static Set<Role> of(X509Certificate certificate) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    List<String> uris = uris(certificate);
    for (Role role : Role.values()) {
      if (uris.contains(uri(role))) {
        roles.add(role);
      }
    }
    return roles;
  }

  private static List<String> uris(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> name.getFirst().equals(URI))
              .map(name -> String.valueOf(name.getLast()))
              .toList();
    } catch (CertificateParsingException e) {
      return List.of(); // it has been read: there are names that Java does not understand
    }
  }

  /** For people: {@code session-store}. */
  public static String text(Set<Role> roles) {
    return roles.isEmpty()
        ? "no role"
        : roles.stream().map(Role::serviceName).sorted().collect(Collectors.joining(" or "));
  }
}
