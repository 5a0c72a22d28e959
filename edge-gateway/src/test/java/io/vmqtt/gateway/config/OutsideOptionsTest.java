package io.vmqtt.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.config.OutsideMethods.Http;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutsideOptionsTest {

  @Test
  void methods_nothingSet_asksNobody() {
    assertEquals(OutsideMethods.NONE, methods(Map.of()));
  }

  @Test
  void methods_http_isWhatIsSet() {
    assertEquals(
        new OutsideMethods(
            List.of(
                new Http(
                    URI.create("https://h/who?x=1"), Path.of("h"), Path.of("b"), Path.of("c"))),
            Duration.ofMillis(500),
            7,
            Duration.ofMinutes(1)),
        methods(
            Map.of(
                "http-auth-url", "https://h/who?x=1",
                "http-auth-headers", "h",
                "http-auth-body", "b",
                "http-auth-ca", "c",
                "outside-timeout", "500ms",
                "outside-questions", "7",
                "outside-remembered", "1m")));
    assertEquals(
        List.of(new Http(URI.create("http://h:1"), null, null, null)),
        methods(Map.of("http-auth-url", "http://h:1")).asked());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ftp://h     | : 'ftp://h' is not http://HOST or https://HOST",
        "h/who       | : 'h/who' is not http://HOST or https://HOST",
        "http://h/ x | : 'http://h/ x' is no URL",
        "http://u:p@h| : secrets belong in files, not in a URL",
      })
  void methods_httpUrlCannotBe_theComplaintNamesTheOption(String url, String complaint) {
    assertEquals(
        "vmqtt.gateway.http-auth-url" + complaint,
        assertThrows(OptionException.class, () -> methods(Map.of("http-auth-url", url)))
            .getMessage());
  }

  @Test
  void listeners_whoIsAsked_canDiffer() {
    GatewayConfig config =
        GatewayOptions.config(
            OptionValues.of(
                Map.of(
                    option("http-auth-url"),
                    "http://a",
                    GatewayOptions.LISTENERS,
                    "one=0.0.0.0:1;two=0.0.0.0:2 http-auth-url=http://b outside-timeout=3s")));

    assertEquals("0.0.0.0", config.host(), "it is said who may come in");
    assertEquals(
        List.of("http://a 2s", "http://a 2s", "http://b 3s"),
        config.listeners().stream()
            .map(listener -> listener.methods().outside())
            .map(
                outside ->
                    ((Http) outside.asked().getFirst()).uri()
                        + " "
                        + outside.timeout().toSeconds()
                        + 's')
            .toList());
  }

  private static OutsideMethods methods(Map<String, String> set) {
    Map<Option<?>, String> values = new HashMap<>();
    set.forEach((name, text) -> values.put(option(name), text));
    return OutsideOptions.methods(OptionValues.of(values));
  }

  private static Option<?> option(String name) {
    return OutsideOptions.all().stream()
        .filter(option -> option.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
