package io.vmqtt.gateway.access.http;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;

/** Headers as a file has them: a line {@code NAME: VALUE} for each. */
final class RequestHeaders {
  private static final URI ANYWHERE = URI.create("http://localhost");

  private RequestHeaders() {}

  /** Names and values in turns. */
  static List<String> read(String text) {
    List<String> headers = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(0, colon)).strip();
        String value = line.substring(colon + 1).strip();
        if (!canBe(name, value)) {
          throw new IllegalArgumentException(
              "line " + (i + 1) + ": not NAME: VALUE, or not to be set");
        }
        headers.add(name);
        headers.add(value);
      }
    }
    return List.copyOf(headers);
  }

  private static boolean canBe(String name, String value) {
    try {
      var _ = HttpRequest.newBuilder(ANYWHERE).header(name, value);
      return true;
    } catch (IllegalArgumentException _) { // its message has the value, which is a secret
      return false;
    }
  }
}
