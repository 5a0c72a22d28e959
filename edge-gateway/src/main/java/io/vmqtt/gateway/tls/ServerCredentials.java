package io.vmqtt.gateway.tls;

import io.vmqtt.cluster.tls.Certified;
import io.vmqtt.cluster.tls.PemFiles;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.CertificateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a listener shows of itself, and whom it believes: read from its files, and found to go
 * together.
 *
 * @param all its certificates, at least one
 * @param clients tells good certificates of clients; null: they are not asked
 */
record ServerCredentials(List<Certified> all, @Nullable TrustManagerFactory clients) {
  ServerCredentials {
    all = List.copyOf(all);
  }

  /** The moment from which clients no longer believe one of the certificates. */
  Instant notAfter() {
    return all.stream().map(Certified::notAfter).min(Comparator.naturalOrder()).orElseThrow();
  }

  /**
   * Makes something of the files.
   *
   * @throws IOException if that cannot be; the message names the file
   */
  static ServerCredentials of(TlsConfig config, PemFiles files) throws IOException {
    List<Certified> all = new ArrayList<>();
    for (CertificateFiles one : config.certificates()) {
      all.add(files.certified(one.certificate(), one.key(), config.keyPassphrase()));
    }
    Path authorities = config.clientCa();
    return new ServerCredentials(
        all, authorities == null ? null : files.trust(authorities, config.clientCrl()));
  }
}
