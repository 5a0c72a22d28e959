package io.vmqtt.cluster.identity;

import io.vmqtt.cluster.discovery.Role;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Believes those who prove one of a few roles. Names of hosts prove nothing here: where a process
 * is, only discovery says.
 */
final class PeerTrust extends X509ExtendedTrustManager {
  private final Supplier<X509TrustManager> authority;
  private final Set<Role> expected;
  private final Refusals refusals;

  /** Of whom the authority of the moment has signed, it believes these. */
  PeerTrust(Supplier<X509TrustManager> authority, Set<Role> expected, Refusals refusals) {
    this.authority = authority;
    this.expected = Set.copyOf(expected);
    this.refusals = refusals;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    String host = engine.getPeerHost();
    check(
        chain,
        "refuses what is at " + host + ':' + engine.getPeerPort(),
        trust -> trust.checkServerTrusted(chain, authType));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, "refuses a caller", trust -> trust.checkClientTrusted(chain, authType));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, "refuses a process", trust -> trust.checkServerTrusted(chain, authType));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authority.get().getAcceptedIssuers();
  }

  /** What the authority says. */
  private interface Check {
    void by(X509TrustManager trust) throws CertificateException;
  }

  private void check(X509Certificate[] chain, String refusal, Check check)
      throws CertificateException {
    X509Certificate shown = chain[0];
    try {
      check.by(authority.get());
    } catch (CertificateException e) {
      throw refused(refusal, shown, "it is not good: " + reason(e));
    }
    if (Collections.disjoint(ProvenRoles.of(shown), expected)) {
      throw refused(refusal, shown, "");
    }
  }

  private static String reason(CertificateException failure) {
    Throwable innermost = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      innermost = cause;
    }
    return String.valueOf(innermost.getMessage());
  }

  private WrongPeerException refused(String refusal, X509Certificate shown, String more) {
    String line =
        refusal
            + ": a certificate of "
            + ProvenRoles.text(expected)
            + " was expected, one of "
            + ProvenRoles.text(ProvenRoles.of(shown))
            + " ("
            + shown.getSubjectX500Principal().getName()
            + ") came"
            + (more.isEmpty() ? "" : "; " + more);
    refusals.say(line);
    return new WrongPeerException(line);
  }
}
