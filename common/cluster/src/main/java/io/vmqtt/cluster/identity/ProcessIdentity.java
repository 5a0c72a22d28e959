package io.vmqtt.cluster.identity;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.tls.CertificateWatch;
import io.vmqtt.cluster.tls.Certified;
import io.vmqtt.cluster.tls.LiveCertificates;
import io.vmqtt.cluster.tls.PemFiles;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * What this process shows the others of itself, and whom of them it believes: by files, which it
 * follows. A connection that begins goes by what they have then; one that is there goes on. Safe
 * from any thread.
 */
public final class ProcessIdentity implements AutoCloseable {
  private final Role role;
  private final IdentityFiles files;
  private final LiveCertificates<Credentials> credentials;
  private final CertificateWatch watch = new CertificateWatch();
  private final Refusals refusals = new Refusals();

  private record Credentials(Certified own, X509TrustManager authority) {
    Instant notAfter() {
      return own.notAfter();
    }
  }

  /**
   * Reads the files.
   *
   * @throws IOException if they are not there, do not go together, or prove another role; the
   *     message names one
   */
  public ProcessIdentity(
      Role role, IdentityFiles files, InstantSource clock, MeterRegistry registry)
      throws IOException {
    this.role = role;
    this.files = files;
    this.credentials =
        new LiveCertificates<>(
            role.serviceName(), files.all(), this::make, Credentials::notAfter, gone -> {}, clock);
    watch.add(credentials);
    Gauge.builder("vmqtt.cluster.certificate.seconds", credentials, LiveCertificates::secondsLeft)
        .description("seconds until the certificate of this process in the cluster expires")
        .register(registry);
  }

  private Credentials make(PemFiles contents) throws IOException {
    Certified own = contents.certified(files.certificate(), files.key(), files.keyPassphrase());
    Set<Role> proven = ProvenRoles.of(own.leaf());
    if (!proven.contains(role)) {
      throw new IOException(
          files.certificate()
              + ": a certificate of "
              + role.serviceName()
              + " is needed, with "
              + ProvenRoles.uri(role)
              + " among its names; this is one of "
              + ProvenRoles.text(proven));
    }
    return new Credentials(own, contents.trustManager(List.of(files.authority())));
  }

  private List<Certified> known() {
    Certified own = credentials.current().own();
    Credentials before = credentials.replaced();
    return before == null ? List.of(own) : List.of(own, before.own());
  }

  /** What this process is. */
  public Role role() {
    return role;
  }

  /** Shows what the files have when a connection begins. */
  public X509ExtendedKeyManager own() {
    return new OwnCertificate(this::known);
  }

  /** Believes processes that have one of these roles, and says whom it refuses. */
  public X509ExtendedTrustManager trust(Set<Role> expected) {
    return PeerTrust.of(expected, () -> credentials.current().authority(), refusals);
  }

  /** The certificate that is shown now, for people. */
  public String shown() {
    Certified own = credentials.current().own();
    return "a certificate of "
        + ProvenRoles.text(ProvenRoles.of(own.leaf()))
        + " ("
        + own.leaf().getSubjectX500Principal().getName()
        + ')';
  }

  /** Takes over what has changed in the files, without waiting until it is seen. */
  void look() {
    credentials.look();
  }

  /** Where refusals are said that nobody here has decided. */
  public Refusals refusals() {
    return refusals;
  }

  @Override
  public void close() {
    watch.close();
  }
}
