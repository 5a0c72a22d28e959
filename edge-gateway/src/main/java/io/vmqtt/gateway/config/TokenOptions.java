package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.access.tokens.TokenDemands;
import io.vmqtt.gateway.config.AccessMethods.IssuerConfig;
import io.vmqtt.gateway.config.AccessMethods.TokenConfig;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an operator can set about the tokens by which clients prove who they are. */
final class TokenOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.gateway.");

  static final Option<Path> TOKEN_KEYS =
      GROUP.derived(
          "token-keys",
          OptionType.path("FILE"),
          "none",
          "Keys of signed tokens (JWT) that may be sent as password: a set of JSON Web Keys; read"
              + " again when it changes");
  static final Option<String> TOKEN_KEYS_URL =
      GROUP.derived(
          "token-keys-url",
          OptionType.text("URL"),
          "none",
          "Where their issuer says which keys are good: a set of JSON Web Keys; asked again when it"
              + " is old, or a token names a key that is not there");
  static final Option<Path> TOKEN_KEYS_CA =
      GROUP.derived(
          "token-keys-ca",
          OptionType.path("FILE"),
          "those of the JDK",
          "Authorities whose certificates are believed there, in PEM");
  static final Option<Duration> TOKEN_KEYS_KEPT =
      GROUP.option(
          "token-keys-kept",
          OptionType.time(Duration.ZERO, Duration.ofDays(30)),
          "1d",
          "How long these keys hold when they are old and there is no answer");
  static final Option<String> TOKEN_ISSUER =
      GROUP.derived(
          "token-issuer", OptionType.text("ISS"), "any", "Who has to have made a token: iss");
  static final Option<String> TOKEN_AUDIENCE =
      GROUP.derived(
          "token-audience", OptionType.text("AUD"), "any", "Whom a token has to be for: aud");
  static final Option<String> TOKEN_USER =
      GROUP.option(
          "token-user", OptionType.text("CLAIM"), "sub", "Claim of a token that is the user name");
  static final Option<String> TOKEN_NAMESPACE =
      GROUP.derived(
          "token-namespace",
          OptionType.text("CLAIM"),
          "that of the listener",
          "Claim of a token that is the namespace");
  static final Option<String> TOKEN_CLAIMS =
      GROUP.derived(
          "token-claims",
          OptionType.text("LIST"),
          "none",
          "What a token has to say beside that, NAME=VALUE with commas between: %u is the user name"
              + " of CONNECT, %c the client id");
  static final Option<String> TOKEN_RULES =
      GROUP.derived(
          "token-rules",
          OptionType.text("CLAIM"),
          "none",
          "Claim of a token that has rules of the user's own: a list of the objects that a file of"
              + " rules has");

  private TokenOptions() {}

  /** All of them; they can differ from one listener to the next. */
  static List<Option<?>> all() {
    return GROUP.all();
  }

  /** As the gateway takes them; null: no token is good. */
  static @Nullable TokenConfig tokens(OptionValues values) {
    Path keys = values.find(TOKEN_KEYS).orElse(null);
    IssuerConfig issuer = values.find(TOKEN_KEYS_URL).map(url -> issuer(url, values)).orElse(null);
    return keys == null && issuer == null ? null : new TokenConfig(keys, issuer, demands(values));
  }

  /** Whoever can change keys on their way is their issuer. */
  private static IssuerConfig issuer(String url, OptionValues values) {
    URI uri = OutsideOptions.uri(TOKEN_KEYS_URL, url, "http", "https");
    if (uri.getScheme().equals("http") && !isLoopback(uri.getHost())) {
      throw new OptionException(
          TOKEN_KEYS_URL.property() + ": keys of another machine need https://, not " + url);
    }
    return new IssuerConfig(
        uri,
        values.find(TOKEN_KEYS_CA).orElse(null),
        values.get(TOKEN_KEYS_KEPT),
        values.get(OutsideOptions.OUTSIDE_TIMEOUT));
  }

  /** As it is written: a name may stand for another address later. */
  private static boolean isLoopback(String host) {
    try {
      return host.equals("localhost")
          || InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static TokenDemands demands(OptionValues values) {
    try {
      return new TokenDemands(
          values.find(TOKEN_ISSUER).orElse(null),
          values.find(TOKEN_AUDIENCE).orElse(null),
          values.get(TOKEN_USER),
          values.find(TOKEN_NAMESPACE).orElse(null),
          values.find(TOKEN_RULES).orElse(null),
          values.find(TOKEN_CLAIMS).map(TokenDemands::readClaims).orElse(Map.of()));
    } catch (OptionException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new OptionException(TOKEN_CLAIMS.property() + ": " + e.getMessage());
    }
  }
}
