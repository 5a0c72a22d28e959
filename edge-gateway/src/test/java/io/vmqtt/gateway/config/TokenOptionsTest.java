package io.vmqtt.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.access.tokens.TokenDemands;
import io.vmqtt.gateway.config.AccessMethods.IssuerConfig;
import io.vmqtt.gateway.config.AccessMethods.TokenConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenOptionsTest {
  private static final TokenDemands NOTHING_ELSE =
      new TokenDemands(null, null, "sub", null, Map.of());

  @Test
  void tokens_keysAtAnAddress_areThereAlsoWithoutAFile() {
    assertNull(tokens(Map.of("token-keys-kept", "2d")));
    assertEquals(
        new TokenConfig(Path.of("k"), null, NOTHING_ELSE), tokens(Map.of("token-keys", "k")));
    assertEquals(
        new TokenConfig(
            null,
            new IssuerConfig(
                URI.create("https://h/keys"), null, Duration.ofDays(1), Duration.ofSeconds(2)),
            NOTHING_ELSE),
        tokens(Map.of("token-keys-url", "https://h/keys")));
    assertEquals(
        new TokenConfig(
            Path.of("k"),
            new IssuerConfig(
                URI.create("https://h"), Path.of("c"), Duration.ZERO, Duration.ofMillis(500)),
            NOTHING_ELSE),
        tokens(
            Map.of(
                "token-keys", "k",
                "token-keys-url", "https://h",
                "token-keys-ca", "c",
                "token-keys-kept", "0s",
                "outside-timeout", "500ms")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:1/k", "http://127.0.0.2/k", "http://[::1]:2"})
  void tokens_keysOfThisMachine_needNoTls(String url) {
    tokens(Map.of("token-keys-url", url));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://h/k       | keys of another machine need https://, not http://h/k",
        "http://10.0.0.7  | keys of another machine need https://, not http://10.0.0.7",
        "http://[fd00::1] | keys of another machine need https://, not http://[fd00::1]",
        "ftp://h          | 'ftp://h' is not http://HOST or https://HOST",
        "https://u:p@h    | secrets belong in files, not in a URL",
      })
  void tokens_addressCannotBe_theComplaintNamesTheOption(String url, String complaint) {
    assertEquals(
        "vmqtt.gateway.token-keys-url: " + complaint,
        assertThrows(OptionException.class, () -> tokens(Map.of("token-keys-url", url)))
            .getMessage());
  }

  private static @Nullable TokenConfig tokens(Map<String, String> texts) {
    Map<Option<?>, String> values = new HashMap<>();
    texts.forEach(
        (name, text) ->
            values.put(
                GatewayOptions.all().stream()
                    .filter(option -> option.name().equals(name))
                    .findFirst()
                    .orElseThrow(),
                text));
    return TokenOptions.tokens(OptionValues.of(values));
  }
}
