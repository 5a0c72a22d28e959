package io.vmqtt.gateway.websocket;

import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a client offers of permessage-deflate (RFC 7692, 7.1), and what is agreed upon: that neither
 * side needs to remember anything between two messages. What that costs in size it saves in memory:
 * an idle connection takes no more than without.
 */
final class DeflateOffer {
  private static final String NAME = "permessage-deflate";
  private static final String NOTHING_IS_REMEMBERED =
      NAME + "; server_no_context_takeover; client_no_context_takeover";

  /** What the broker packs is to be unpacked with a window of so many bits: zlib here has one. */
  private static final String SERVER_WINDOW = "server_max_window_bits";

  private static final String WIDEST = "15";

  private DeflateOffer() {}

  /**
   * The answer to the first offer that can be met; none: messages are not packed.
   *
   * @param extensions lines of the request
   */
  static Optional<String> answer(List<String> extensions) {
    return extensions.stream()
        .flatMap(line -> Stream.of(line.split(",")))
        .filter(one -> !one.split(";", 2)[0].isBlank()) // one without a name means nothing
        .flatMap(one -> WebSocketExtensionUtil.extractExtensions(one).stream())
        .filter(DeflateOffer::canBeMet)
        .findFirst()
        .map(
            offer ->
                offer.parameters().containsKey(SERVER_WINDOW)
                    ? NOTHING_IS_REMEMBERED + "; " + SERVER_WINDOW + "=" + WIDEST
                    : NOTHING_IS_REMEMBERED);
  }

  private static boolean canBeMet(WebSocketExtensionData offer) {
    return offer.name().equals(NAME)
        && offer.parameters().entrySet().stream().allMatch(DeflateOffer::canBeMet);
  }

  private static boolean canBeMet(Map.Entry<String, String> parameter) {
    String value = parameter.getValue();
    return switch (parameter.getKey()) {
      case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
      case SERVER_WINDOW -> WIDEST.equals(value);
      case "client_max_window_bits" -> value == null || value.matches("[89]|1[0-5]");
      default -> false;
    };
  }
}
