package io.vmqtt.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a load is told on its command line: {@code NAME=VALUE} words. */
final class LoadOptions {
  private final Map<String, String> values = new HashMap<>();

  LoadOptions(List<String> words) {
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("\"" + word + "\" is not NAME=VALUE");
      }
      values.put(word.substring(0, equals), word.substring(equals + 1));
    }
  }

  String text(String name, String absent) {
    return values.getOrDefault(name, absent);
  }

  int number(String name, int absent) {
    return Integer.parseInt(text(name, String.valueOf(absent)));
  }
}
