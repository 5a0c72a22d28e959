package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.gateway.config.TlsConfig.CertificateFiles;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
  private static final String PATH = "path";
  private static final String ALLOWED_ORIGINS = "allowed-origins";
  private static final String DEFLATE = "deflate";
  private static final String PROXIES = "proxy-protocol-from";

  private static final Set<String> OF_ALL = Set.of(TRANSPORT, PROXIES);
  private static final Set<String> OF_TLS =
      Set.of(CERTIFICATE, KEY, KEY_PASSPHRASE, CLIENT_CERTIFICATES, CLIENT_CA, CLIENT_CRL);
  private static final Set<String> OF_WEB_SOCKETS = Set.of(PATH, ALLOWED_ORIGINS, DEFLATE);

  /** The type of a packet, and how long it is. */
  private static final int FIXED_HEADER_BYTES = 5;

  private static final OptionType<Transport> TRANSPORTS = OptionType.choice(Transport.class);
  private static final OptionType<ClientCertificates> ASKED =
      OptionType.choice(ClientCertificates.class);

  private static final Pattern NETWORK =
      Pattern.compile(
          "\\d{1,3}(\\.\\d{1,3}){3}/([12]?\\d|3[0-2])|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/(\\d{1,2}|1[01]\\d|12[0-8])");

  /** What there is. */
  private enum Transport {
    TCP(false, false),
    TLS(true, false),
    WS(false, true),
    WSS(true, true),
    QUIC(true, false);

    final boolean hasTls;
    final boolean hasWebSockets;

    Transport(boolean hasTls, boolean hasWebSockets) {
      this.hasTls = hasTls;
      this.hasWebSockets = hasWebSockets;
    }
  }

  private final Map<String, String> own;

  /** Those of one listener, for which all of {@code own} is set. */
  TransportOptions(Map<String, String> own) {
    this.own = own;
  }

  /** Whether a word is one of them. */
  static boolean has(String word) {
    return OF_ALL.contains(word) || OF_TLS.contains(word) || OF_WEB_SOCKETS.contains(word);
  }

  /**
   * What they say together.
   *
   * @param maxPacketBytes what a packet may have there behind its length
   * @throws OptionException if it does not go together; the message does not name the listener
   */
  TransportConfig read(int maxPacketBytes) {
    Transport transport = TRANSPORTS.read(own.getOrDefault(TRANSPORT, "tcp"), TRANSPORT);
    if (!transport.hasTls) {
      refuse(OF_TLS, "tls, wss or quic");
    }
    if (!transport.hasWebSockets) {
      refuse(OF_WEB_SOCKETS, "ws or wss");
    }
    if (transport == Transport.QUIC) {
      refuse(Set.of(PROXIES), "tcp, tls, ws or wss: proxies do not say with QUIC who comes");
      return TransportConfig.quic(tls());
    }
    return new TransportConfig(
        proxies(),
        transport.hasTls ? tls() : null,
        transport.hasWebSockets ? webSocket(maxPacketBytes) : null);
  }

  private TlsConfig tls() {
    List<String> certificates = list(CERTIFICATE);
    List<String> keys = list(KEY);
    if (certificates.isEmpty() || keys.size() != certificates.size()) {
      throw new OptionException(
          "transport="
              + own.get(TRANSPORT)
              + " needs certificate=FILE and key=FILE, or as many of one as of the other");
    }
    return new TlsConfig(
        IntStream.range(0, keys.size())
            .mapToObj(i -> new CertificateFiles(Path.of(certificates.get(i)), Path.of(keys.get(i))))
            .toList(),
        path(KEY_PASSPHRASE),
        ASKED.read(own.getOrDefault(CLIENT_CERTIFICATES, "none"), CLIENT_CERTIFICATES),
        path(CLIENT_CA),
        path(CLIENT_CRL));
  }

  private WebSocketConfig webSocket(int maxPacketBytes) {
    boolean deflates = OptionType.flag().read(own.getOrDefault(DEFLATE, "false"), DEFLATE);
    return new WebSocketConfig(
        own.getOrDefault(PATH, "/mqtt"),
        list(ALLOWED_ORIGINS),
        deflates ? maxPacketBytes + FIXED_HEADER_BYTES : 0);
  }

  private List<String> proxies() {
    List<String> networks = list(PROXIES);
    for (String network : networks) {
      if (!isNetwork(network)) {
        throw new OptionException(
            PROXIES + ": '" + network + "' is not a network such as 10.0.0.0/8");
      }
    }
    return networks;
  }

  private static boolean isNetwork(String text) {
    if (!NETWORK.matcher(text).matches()) {
      return false;
    }
    int slash = text.indexOf('/');
    try {
      InetAddress base = InetAddress.ofLiteral(text.substring(0, slash));
      return Integer.parseInt(text.substring(slash + 1)) <= base.getAddress().length * Byte.SIZE;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private void refuse(Set<String> words, String transports) {
    Set<String> foreign = new TreeSet<>(words);
    foreign.retainAll(own.keySet());
    if (!foreign.isEmpty()) {
      throw new OptionException(
          "'" + foreign.iterator().next() + "' is for transport=" + transports);
    }
  }

  private List<String> list(String word) {
    return Stream.of(own.getOrDefault(word, "").split(",", -1))
        .filter(one -> !one.isEmpty())
        .toList();
  }

  private @Nullable Path path(String word) {
    String text = own.get(word);
    return text == null ? null : Path.of(text);
  }
}
