package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How the clients of a listener come to it, as an operator writes it: {@code transport=tls}. */
final class TransportOptions {
  private static final String TRANSPORT = "transport";
  private static final String CERTIFICATE = "certificate";
  private static final String KEY = "key";
  private static final String KEY_PASSPHRASE = "key-passphrase-file";
  private static final String CLIENT_CERTIFICATES = "client-certificates";
  private static final String CLIENT_CA = "client-ca";
  private static final String CLIENT_CRL = "client-crl";

  private static final Set<String> OF_TLS =
      Set.of(CERTIFICATE, KEY, KEY_PASSPHRASE, CLIENT_CERTIFICATES, CLIENT_CA, CLIENT_CRL);

  private static final OptionType<Transport> TRANSPORTS = OptionType.choice(Transport.class);
  private static final OptionType<ClientCertificates> ASKED =
      OptionType.choice(ClientCertificates.class);

  /** What there is. */
  private enum Transport {
    TCP,
    TLS
  }

  private final Map<String, String> own;

  /** Those of one listener, for which all of {@code own} is set. */
  TransportOptions(Map<String, String> own) {
    this.own = own;
  }

  /** Whether a word is one of them. */
  static boolean has(String word) {
    return word.equals(TRANSPORT) || OF_TLS.contains(word);
  }

  /**
   * Its TLS; null: it has none.
   *
   * @throws OptionException if what is set does not go together; the message does not name the
   *     listener
   */
  @Nullable TlsConfig tls() {
    Transport transport = TRANSPORTS.read(own.getOrDefault(TRANSPORT, "tcp"), TRANSPORT);
    Path certificate = path(CERTIFICATE);
    Path key = path(KEY);
    return switch (transport) {
      case TCP -> {
        refuse(OF_TLS, "tls");
        yield null;
      }
      case TLS -> {
        if (certificate == null || key == null) {
          throw new OptionException("transport=tls needs certificate=FILE and key=FILE");
        }
        yield new TlsConfig(
            certificate,
            key,
            path(KEY_PASSPHRASE),
            ASKED.read(own.getOrDefault(CLIENT_CERTIFICATES, "none"), CLIENT_CERTIFICATES),
            path(CLIENT_CA),
            path(CLIENT_CRL));
      }
    };
  }

  private void refuse(Set<String> words, String transport) {
    Set<String> foreign = new TreeSet<>(words);
    foreign.retainAll(own.keySet());
    if (!foreign.isEmpty()) {
      throw new OptionException(
          "'" + foreign.iterator().next() + "' is for transport=" + transport);
    }
  }

  private @Nullable Path path(String word) {
    String text = own.get(word);
    return text == null ? null : Path.of(text);
  }
}
