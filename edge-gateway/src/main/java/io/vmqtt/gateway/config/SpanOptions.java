package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.spans.SpanTerms;
import io.vmqtt.model.TopicFilter;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which messages a gateway tells of as traces of OpenTelemetry. */
public final class SpanOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.gateway.");

  static final Option<String> ENDPOINT =
      GROUP.derived(
          "otlp-endpoint",
          OptionType.text("URL"),
          "none",
          "Where traces of messages are told to, by OTLP over HTTP: http://HOST:4318/v1/traces");
  static final Option<String> SAMPLE =
      GROUP.option(
          "trace-sample",
          OptionType.text("RATIO"),
          "0",
          "What part of the messages whose publishers say nothing of a trace becomes one, 0 to 1");
  static final Option<String> TOPICS =
      GROUP.derived(
          "trace-topics",
          OptionType.text("LIST"),
          "none",
          "Topic filters, with commas between, of messages that become one, too");

  private SpanOptions() {}

  static List<Option<?>> all() {
    return GROUP.all();
  }

  /**
   * As the gateway takes it.
   *
   * @return null: nothing is told
   * @throws OptionException if something is set to what cannot be
   */
  public static @Nullable SpanTerms terms(OptionValues values) {
    Optional<String> endpoint = values.find(ENDPOINT);
    if (endpoint.isEmpty()) {
      return null;
    }
    return new SpanTerms(
        endpoint(endpoint.get()),
        sample(values.get(SAMPLE)),
        values.find(TOPICS).map(SpanOptions::filters).orElse(List.of()));
  }

  private static URI endpoint(String text) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new OptionException(
        ENDPOINT.property() + ": '" + text + "' is no address like http://HOST:4318/v1/traces");
  }

  private static double sample(String text) {
    try {
      double ratio = Double.parseDouble(text);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new OptionException(SAMPLE.property() + ": '" + text + "' is not 0 to 1");
  }

  private static List<TopicFilter> filters(String list) {
    try {
      return Stream.of(list.split(",", -1))
          .map(String::strip)
          .filter(one -> !one.isEmpty())
          .map(TopicFilter::parse)
          .toList();
    } catch (IllegalArgumentException e) {
      throw new OptionException(TOPICS.property() + ": " + e.getMessage());
    }
  }
}
