package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.config.OutsideMethods.Asked;
import io.vmqtt.gateway.config.OutsideMethods.Http;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What an operator can set about those outside of a gateway who are asked about clients. */
final class OutsideOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.gateway.");

  static final Option<String> HTTP_AUTH_URL =
      GROUP.derived(
          "http-auth-url",
          OptionType.text("URL"),
          "none",
          "Who is asked about each client with a POST: 200 and 204 let it in, 401 and 403 do not,"
              + " 404 does not know it");
  static final Option<Path> HTTP_AUTH_BODY =
      GROUP.derived(
          "http-auth-body",
          OptionType.path("FILE"),
          "everything that is known",
          "JSON that is sent: %u is the user name, %c the client id, %p the password, %a the address,"
              + " %s the common name of the certificate, %n the namespace");
  static final Option<Path> HTTP_AUTH_HEADERS =
      GROUP.derived(
          "http-auth-headers",
          OptionType.path("FILE"),
          "none",
          "Headers that are sent, such as a secret: lines NAME: VALUE");
  static final Option<Path> HTTP_AUTH_CA =
      GROUP.derived(
          "http-auth-ca",
          OptionType.path("FILE"),
          "those of the JDK",
          "Authorities whose certificates are believed there, in PEM");

  static final Option<Duration> OUTSIDE_TIMEOUT =
      GROUP.option(
          "outside-timeout",
          OptionType.time(Duration.ofMillis(100), Duration.ofMinutes(1)),
          "2s",
          "How long a question about a client to somebody outside may take, such as"
              + " --http-auth-url");
  static final Option<Integer> OUTSIDE_QUESTIONS =
      GROUP.option(
          "outside-questions",
          OptionType.count(1, 1_000),
          "16",
          "Questions to each of them that are under way; 1000 more wait");
  static final Option<Duration> OUTSIDE_REMEMBERED =
      GROUP.option(
          "outside-remembered",
          OptionType.time(Duration.ZERO, Duration.ofHours(1)),
          "0s",
          "How long whom they have let in comes in again without a question; 0s for never");

  private OutsideOptions() {}

  /** All of them; they can differ from one listener to the next. */
  static List<Option<?>> all() {
    return GROUP.all();
  }

  /** As the gateway takes them. */
  static OutsideMethods methods(OptionValues values) {
    List<Asked> asked = new ArrayList<>();
    values
        .find(HTTP_AUTH_URL)
        .map(
            url ->
                new Http(
                    uri(HTTP_AUTH_URL, url, "http", "https"),
                    values.find(HTTP_AUTH_HEADERS).orElse(null),
                    values.find(HTTP_AUTH_BODY).orElse(null),
                    values.find(HTTP_AUTH_CA).orElse(null)))
        .ifPresent(asked::add);
    return new OutsideMethods(
        asked,
        values.get(OUTSIDE_TIMEOUT),
        values.get(OUTSIDE_QUESTIONS),
        values.get(OUTSIDE_REMEMBERED));
  }

  /** An address without a secret in it. */
  private static URI uri(Option<?> option, String text, String... schemes) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException _) {
      throw new OptionException(option.property() + ": '" + text + "' is no URL");
    }
    if (uri.getHost() == null || !List.of(schemes).contains(uri.getScheme())) {
      throw new OptionException(
          option.property()
              + ": '"
              + text
              + "' is not "
              + String.join("://HOST or ", schemes)
              + "://HOST");
    }
    if (uri.getUserInfo() != null) {
      throw new OptionException(option.property() + ": secrets belong in files, not in a URL");
    }
    return uri;
  }
}
