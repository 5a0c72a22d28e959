package io.vmqtt.cluster.wire;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.Callers;
import io.vmqtt.cluster.identity.ProcessIdentity;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of links: both sides show a certificate, and either believes only the roles that belong at
 * the other end. BoringSSL does the work where its native part loads, else the JDK. Safe from any
 * thread.
 */
final class LinkTls {
  /** Both ends are processes of V-MQTT: there is nobody who could not do it. */
  private static final String VERSION = "TLSv1.3";

  /** Sessions are not kept: links are few, and each begins by showing a certificate. */
  private static final int SESSION_SECONDS = 1;

  private static final Logger log = LoggerFactory.getLogger(LinkTls.class);

  private final ProcessIdentity identity;
  private final SslProvider provider;
  private final Map<Role, SslContext> toRoles = new EnumMap<>(Role.class);

  LinkTls(ProcessIdentity identity) {
    this.identity = identity;
    boolean wantsJdk = System.getProperty("vmqtt.tls", "").equals("jdk");
    this.provider = !wantsJdk && OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    log.info("links speak TLS of {}, and show {}", provider, identity.shown());
  }

  /** For whoever may open links to this process. */
  SslContext ofCallers() {
    return build(
        SslContextBuilder.forServer(identity.own()).clientAuth(ClientAuth.REQUIRE),
        Callers.of(identity.role()));
  }

  /** For links to processes of a role. */
  synchronized SslContext to(Role role) {
    return toRoles.computeIfAbsent(
        role,
        absent -> build(SslContextBuilder.forClient().keyManager(identity.own()), Set.of(absent)));
  }

  private SslContext build(SslContextBuilder builder, Set<Role> expected) {
    try {
      return GrpcSslContexts.configure(builder, provider)
          .trustManager(identity.trust(expected))
          .protocols(VERSION)
          .sessionTimeout(SESSION_SECONDS)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("no TLS of " + provider + " for links", e);
    }
  }
}
