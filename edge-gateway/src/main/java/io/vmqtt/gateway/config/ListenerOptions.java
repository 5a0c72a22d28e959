package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.model.Namespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an operator says of a listener beside the default one: its address, and words for what
 * differs there from what is set for the gateway, such as {@code max-packet-size=16M}. Complaints
 * say which word it is about; who reads them adds where they stand.
 */
final class ListenerOptions {
  private static final String NAMESPACE = "namespace";
  private static final String VERSIONS = "versions";
  private static final String PROXIED = "proxy-certificate-users";
  private static final Set<String> OF_LISTENERS_ALONE = Set.of(NAMESPACE, VERSIONS, PROXIED);

  private final OptionValues gateway;
  private final Map<String, String> own = new HashMap<>();

  /**
   * One of which nothing is said yet.
   *
   * @param gateway what is set for all
   */
  ListenerOptions(OptionValues gateway) {
    this.gateway = gateway;
  }

  /**
   * Reads several in one line: {@code NAME=HOST:PORT}, and behind it its words; one is separated
   * from the next by a semicolon.
   *
   * @param gateway what is set for all
   * @throws OptionException if one cannot be; the message says which, and why
   */
  static List<ListenerConfig> read(String text, OptionValues gateway, long clientMemoryBytes) {
    List<ListenerConfig> all = new ArrayList<>();
    for (String one : text.split(";", -1)) {
      if (!one.isBlank()) {
        all.add(listener(one.strip().split("\\s+"), gateway, clientMemoryBytes));
      }
    }
    return all;
  }

  private static ListenerConfig listener(
      String[] words, OptionValues gateway, long clientMemoryBytes) {
    int equals = words[0].indexOf('=');
    int colon = words[0].lastIndexOf(':');
    if (equals < 1 || colon < equals + 2) {
      throw new OptionException(
          GatewayOptions.LISTENERS.property() + ": '" + words[0] + "' is not NAME=HOST:PORT");
    }
    String name = words[0].substring(0, equals);
    ListenerOptions options = new ListenerOptions(gateway);
    try {
      for (int i = 1; i < words.length; i++) {
        options.setWord(words[i]);
      }
      return options.listener(name, words[0].substring(equals + 1), clientMemoryBytes);
    } catch (IllegalArgumentException e) {
      throw new OptionException(
          GatewayOptions.LISTENERS.property() + ": " + name + ": " + e.getMessage());
    }
  }

  private void setWord(String word) {
    int equals = word.indexOf('=');
    if (equals < 0) {
      require(word, word);
      throw noValue(word);
    }
    set(word.substring(0, equals), word.substring(equals + 1));
  }

  /**
   * Something that differs from what is set for the gateway.
   *
   * @throws IllegalArgumentException if that cannot be
   */
  void set(String key, String text) {
    require(key, text);
    if (text.isEmpty()) {
      throw noValue(key);
    }
    if (own.put(key, text) != null) {
      throw new OptionException("'" + key + "' is there twice");
    }
  }

  private static OptionException noValue(String key) {
    return new OptionException("'" + key + "' has no value");
  }

  /**
   * A word that there is, and where it stands in for an option of the gateway one of its values.
   */
  private static void require(String key, String text) {
    if (!OF_LISTENERS_ALONE.contains(key) && !TransportOptions.has(key)) {
      Option<?> option =
          Stream.of(GatewayOptions.OF_LISTENERS, TokenOptions.all(), OutsideOptions.all())
              .flatMap(List::stream)
              .filter(one -> one.name().equals(key))
              .findFirst()
              .orElseThrow(() -> new OptionException("'" + key + "' cannot be set for a listener"));
      var _ = value(option, text);
    }
  }

  /**
   * All of it together.
   *
   * @param address HOST:PORT
   * @throws IllegalArgumentException if it does not go together
   */
  ListenerConfig listener(String name, String address, long clientMemoryBytes) {
    int colon = address.lastIndexOf(':');
    if (colon < 1) {
      throw new OptionException("'" + address + "' is not HOST:PORT");
    }
    String host = address.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
    int port = value(GatewayOptions.PORT, address.substring(colon + 1));
    Limits limits = GatewayOptions.limits(this::text, clientMemoryBytes);
    TransportConfig transport = new TransportOptions(own).read(limits.maxPacketBytes());
    AccessMethods methods = methods(transport);
    if (!transport.requiresCertificates()) {
      GatewayOptions.requireMethods(host, methods, "host");
      if (!transport.proxies().isEmpty() && !methods.areSet()) {
        throw new OptionException(
            "others can come through the proxies, and nothing says who may: give passwords=FILE,"
                + " or let everybody in on purpose with allow-anonymous=true");
      }
    }
    return new ListenerConfig(
        name,
        host,
        port,
        Namespace.of(own.getOrDefault(NAMESPACE, "")),
        limits,
        value(
            GatewayOptions.MAX_CONNECTIONS,
            own.getOrDefault(GatewayOptions.MAX_CONNECTIONS.name(), "0")),
        methods,
        transport,
        levels(),
        GatewayOptions.rates(this::text));
  }

  private AccessMethods methods(TransportConfig transport) {
    OptionValues values = this::text;
    AccessMethods methods = GatewayOptions.methods(values);
    if (!OptionType.flag().read(own.getOrDefault(PROXIED, "false"), PROXIED)) {
      return methods;
    }
    if (transport.proxies().isEmpty()) {
      throw new OptionException("'" + PROXIED + "' needs proxy-protocol-from=NETWORK");
    }
    return methods.withProxied(values.get(GatewayOptions.CERTIFICATE_PATTERN));
  }

  private Set<ProtocolLevel> levels() {
    String versions = own.get(VERSIONS);
    return versions == null
        ? ProtocolLevel.ALL
        : Stream.of(versions.split(",", -1))
            .map(ListenerOptions::level)
            .collect(Collectors.toSet());
  }

  private static ProtocolLevel level(String version) {
    return ProtocolLevel.named(version)
        .orElseThrow(
            () ->
                new OptionException(VERSIONS + ": '" + version + "' is not one of 3.1, 3.1.1, 5"));
  }

  /** What holds for it: what is set for it, else what is set for the gateway. */
  private Optional<String> text(Option<?> option) {
    return Optional.ofNullable(own.get(option.name())).or(() -> gateway.text(option));
  }

  private static <T> T value(Option<T> option, String text) {
    return option.read(text, option.name());
  }
}
