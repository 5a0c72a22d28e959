package io.vmqtt.gateway.config;

import java.util.List;
import java.util.Locale;

/**
 * MQTT in WebSockets.
 *
 * @param path of the requests that are answered, such as {@code /mqtt}
 * @param allowedOrigins of the pages that may come; empty: all
 */
public record WebSocketConfig(String path, List<String> allowedOrigins) {

  public WebSocketConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("path: '" + path + "' does not begin with /");
    }
  }

  /** Whether a page from there may come. What is no browser says of none. */
  public boolean allows(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    return allowedOrigins.isEmpty()
        || allowedOrigins.stream().anyMatch(one -> one.toLowerCase(Locale.ROOT).equals(lower));
  }
}
