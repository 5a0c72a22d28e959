package io.vmqtt.gateway.access.ldap;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import io.vmqtt.gateway.access.outside.Authorities;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A directory, and the connections to it. They are made when they are needed; a change of the
 * password or of the authorities makes new ones.
 */
public final class LdapServer implements AutoCloseable {
  private static final String LDAPS = "ldaps";
  private static final int PORT = 389;
  private static final int LDAPS_PORT = 636;

  private final URI uri;
  private final boolean startTls;
  private final @Nullable String bindName;
  private final Duration timeout;
  private final int mostConnections;
  private String bindPassword = "";
  private byte @Nullable [] authorities;
  private volatile LDAPConnectionPool pool;

  /**
   * Nobody is connected yet.
   *
   * @param uri {@code ldap://HOST:PORT} or {@code ldaps://HOST:PORT}
   * @param startTls whether TLS begins on a connection of {@code ldap}
   * @param bindName as whom users are searched for; null: as nobody
   */
  public LdapServer(
      URI uri, boolean startTls, @Nullable String bindName, Duration timeout, int mostConnections) {
    this.uri = uri;
    this.startTls = startTls;
    this.bindName = bindName;
    this.timeout = timeout;
    this.mostConnections = mostConnections;
    this.pool = newPool();
  }

  /** From here on this is the password of whoever searches. */
  public synchronized void bindPassword(String password) {
    bindPassword = password;
    reconnect();
  }

  /**
   * From here on certificates of these authorities alone are good.
   *
   * @param pem certificates in PEM
   * @throws IllegalArgumentException if there are none
   */
  public synchronized void authorities(byte[] pem) {
    var _ = Authorities.trust(pem);
    authorities = pem.clone();
    reconnect();
  }

  private void reconnect() {
    LDAPConnectionPool before = pool;
    pool = newPool();
    before.close();
  }

  LDAPConnectionPool connections() {
    return pool;
  }

  private LDAPConnectionPool newPool() {
    boolean secure = LDAPS.equals(uri.getScheme());
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis((int) timeout.toMillis());
    options.setResponseTimeoutMillis(timeout.toMillis());
    options.setUseSynchronousMode(true); // no thread for each connection
    options.setFollowReferrals(false); // they would lead the passwords elsewhere
    options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
    SSLContext tls = tls();
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? LDAPS_PORT : PORT;
    BindRequest bind =
        bindName == null ? new SimpleBindRequest() : new SimpleBindRequest(bindName, bindPassword);
    try {
      return new LDAPConnectionPool(
          new SingleServerSet(
              uri.getHost(),
              port,
              secure ? tls.getSocketFactory() : SocketFactory.getDefault(),
              options),
          bind,
          0,
          mostConnections,
          startTls ? new StartTLSPostConnectProcessor(tls.getSocketFactory()) : null,
          false);
    } catch (LDAPException e) {
      throw new IllegalStateException("a pool without connections cannot fail", e);
    }
  }

  private SSLContext tls() {
    byte[] pem = authorities;
    try {
      return pem == null ? SSLContext.getDefault() : Authorities.tls(pem);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("TLS is part of every JDK", e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
