package io.vmqtt.cluster.identity;

import io.vmqtt.cluster.discovery.Role;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Believes those who prove one of a few roles, or whomever an authority has signed. Names of hosts
 * prove nothing here: where a process is, only discovery says.
 */
public final class PeerTrust extends X509ExtendedTrustManager {
  private final Supplier<X509TrustManager> authority;
  private final Predicate<X509Certificate> belongs;
  private final String caller;
  private final String expected;
  private final Refusals refusals;

  private PeerTrust(
      Supplier<X509TrustManager> authority,
      Predicate<X509Certificate> belongs,
      String caller,
      String expected,
      Refusals refusals) {
    this.authority = authority;
    this.belongs = belongs;
    this.caller = caller;
    this.expected = expected;
    this.refusals = refusals;
  }

  /** Of whom the authority of the moment has signed, it believes these. */
  static PeerTrust of(Set<Role> expected, Supplier<X509TrustManager> authority, Refusals refusals) {
    Set<Role> roles = Set.copyOf(expected);
    return new PeerTrust(
        authority,
        shown -> !Collections.disjoint(ProvenRoles.of(shown), roles),
        "a caller",
        "a certificate of " + ProvenRoles.text(roles),
        refusals);
  }

  /**
   * It believes all callers of HTTP whom these authorities have signed.
   *
   * @param expected what callers have to show, for people
   */
  public static PeerTrust ofCallers(
      X509TrustManager authorities, String expected, Refusals refusals) {
    return new PeerTrust(() -> authorities, shown -> true, "a caller of HTTP", expected, refusals);
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
    check(chain, "refuses " + caller, trust -> trust.checkClientTrusted(chain, authType));
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
    if (!belongs.test(shown)) {
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
            + ": "
            + expected
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
