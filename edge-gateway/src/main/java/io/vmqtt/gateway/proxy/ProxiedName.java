package io.vmqtt.gateway.proxy;

import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.vmqtt.model.Utf8String;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a header of version 2 says of the certificate of its client: {@code PP2_TYPE_SSL}. */
final class ProxiedName {
  private ProxiedName() {}

  /**
   * The common name of a certificate that the client has shown the proxy, which has found it good;
   * null: it has not, or more than one is said, which is none.
   */
  static @Nullable String of(HAProxyMessage header) {
    List<HAProxySSLTLV> all =
        header.tlvs().stream()
            .filter(HAProxySSLTLV.class::isInstance)
            .map(HAProxySSLTLV.class::cast)
            .toList();
    return all.size() == 1 && isGood(all.getFirst()) ? commonName(all.getFirst()) : null;
  }

  /** A verification that did not take place has no good outcome either. */
  private static boolean isGood(HAProxySSLTLV tls) {
    return tls.isPP2ClientSSL()
        && (tls.isPP2ClientCertConn() || tls.isPP2ClientCertSess())
        && tls.verify() == 0;
  }

  private static @Nullable String commonName(HAProxySSLTLV tls) {
    List<HAProxyTLV> names =
        tls.encapsulatedTLVs().stream()
            .filter(one -> one.type() == HAProxyTLV.Type.PP2_TYPE_SSL_CN)
            .toList();
    if (names.size() != 1) {
      return null;
    }
    try {
      String name =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(names.getFirst().content().nioBuffer())
              .toString();
      return name.isEmpty() || !Utf8String.isValid(name) ? null : name;
    } catch (CharacterCodingException _) {
      return null;
    }
  }
}
