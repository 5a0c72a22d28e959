package io.vmqtt.gateway.tls;

import io.netty.handler.ssl.SslContext;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import java.io.IOException;

/** Makes contexts, for connections, of what a listener shows of itself. */
@FunctionalInterface
interface SslContexts {

  /**
   * A context.
   *
   * @param applicationProtocol what clients may ask for (ALPN)
   * @throws IOException if nothing can be done with these credentials
   */
  SslContext context(
      ServerCredentials credentials, ClientCertificates asked, String applicationProtocol)
      throws IOException;
}
