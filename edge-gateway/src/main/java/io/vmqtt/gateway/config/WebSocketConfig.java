package io.vmqtt.gateway.config;

import java.util.List;
import java.util.Locale;

/**
 * MQTT in WebSockets.
 *
 * @param path of the requests that are answered, such as {@code /mqtt}
 * @param allowedOrigins of the pages that may come; empty: all
 * @param mostInflatedBytes what one message that is packed (permessage-deflate, RFC 7692) may have
 *     when it is unpacked; 0: nothing is packed
 */
public record WebSocketConfig(String path, List<String> allowedOrigins, int mostInflatedBytes) {

  public WebSocketConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("path: '" + path + "' does not begin with /");
    }
  }

  /** Nothing is packed. */
  public WebSocketConfig(String path, List<String> allowedOrigins) {
    this(path, allowedOrigins, 0);
  }

  /** Whether messages are packed for those who ask for it. */
  public boolean deflates() {
    return mostInflatedBytes > 0;
  }

  /** Whether a page from there may come. What is no browser says of none. */
  public boolean allows(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    return allowedOrigins.isEmpty()
        || allowedOrigins.stream().anyMatch(one -> one.toLowerCase(Locale.ROOT).equals(lower));
  }
}
