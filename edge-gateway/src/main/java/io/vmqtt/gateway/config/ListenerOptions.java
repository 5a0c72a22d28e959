package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
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
 * Listeners beside the default one, as an operator writes them: {@code NAME=HOST:PORT}, and behind
 * it what differs there from what is set for the gateway, such as {@code max-packet-size=16M}; one
 * is separated from the next by a semicolon.
 */
final class ListenerOptions {
  private static final String NAMESPACE = "namespace";
  private static final String VERSIONS = "versions";

  private final String name;
  private final OptionValues gateway;
  private final Map<String, String> own = new HashMap<>();

  private ListenerOptions(String name, OptionValues gateway) {
    this.name = name;
    this.gateway = gateway;
  }

  /**
   * Reads them.
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
    ListenerOptions options = new ListenerOptions(words[0].substring(0, equals), gateway);
    for (int i = 1; i < words.length; i++) {
      options.set(words[i]);
    }
    String host = words[0].substring(equals + 1, colon).replaceAll("^\\[(.*)]$", "$1");
    int port = options.value(GatewayOptions.PORT, words[0].substring(colon + 1));
    try {
      AccessMethods methods = GatewayOptions.methods(options::text);
      TransportConfig transport = new TransportOptions(options.own).read();
      if (!transport.requiresCertificates()) {
        GatewayOptions.requireMethods(host, methods, "host");
        if (!transport.proxies().isEmpty() && !methods.areSet()) {
          throw new OptionException(
              "others can come through the proxies, and nothing says who may: give passwords=FILE,"
                  + " or let everybody in on purpose with allow-anonymous=true");
        }
      }
      return new ListenerConfig(
          options.name,
          host,
          port,
          Namespace.of(options.own.getOrDefault(NAMESPACE, "")),
          GatewayOptions.limits(options::text, clientMemoryBytes),
          options.value(
              GatewayOptions.MAX_CONNECTIONS,
              options.own.getOrDefault(GatewayOptions.MAX_CONNECTIONS.name(), "0")),
          methods,
          transport,
          options.levels(),
          GatewayOptions.rates(options::text));
    } catch (IllegalArgumentException e) {
      throw options.complaint(String.valueOf(e.getMessage()));
    }
  }

  private void set(String word) {
    int equals = word.indexOf('=');
    String key = equals < 0 ? word : word.substring(0, equals);
    String text = word.substring(equals + 1);
    if (!key.equals(NAMESPACE) && !key.equals(VERSIONS) && !TransportOptions.has(key)) {
      Option<?> option =
          Stream.concat(GatewayOptions.OF_LISTENERS.stream(), OutsideOptions.all().stream())
              .filter(one -> one.name().equals(key))
              .findFirst()
              .orElseThrow(() -> complaint("'" + key + "' cannot be set for a listener"));
      var _ = value(option, text);
    }
    if (equals < 0 || text.isEmpty()) {
      throw complaint("'" + key + "' has no value");
    }
    if (own.put(key, text) != null) {
      throw complaint("'" + key + "' is there twice");
    }
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

  private <T> T value(Option<T> option, String text) {
    return option.read(text, place() + ' ' + option.name());
  }

  private OptionException complaint(String what) {
    return new OptionException(place() + ' ' + what);
  }

  private String place() {
    return GatewayOptions.LISTENERS.property() + ": " + name + ':';
  }
}
