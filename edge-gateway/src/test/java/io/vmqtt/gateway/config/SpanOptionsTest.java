package io.vmqtt.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.spans.SpanTerms;
import io.vmqtt.model.TopicFilter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpanOptionsTest {
  private static final String ENDPOINT = "http://collector:4318/v1/traces";

  private static @Nullable SpanTerms terms(Map<Option<?>, String> set) {
    return SpanOptions.terms(OptionValues.of(set));
  }

  @Test
  void terms_noEndpoint_nothingIsTold() {
    assertNull(terms(Map.of(SpanOptions.SAMPLE, "1", SpanOptions.TOPICS, "#")));
  }

  @Test
  void terms_endpoint_areWhatIsSet() {
    assertEquals(
        new SpanTerms(URI.create(ENDPOINT), 0, List.of()),
        terms(Map.of(SpanOptions.ENDPOINT, ENDPOINT)));
    assertEquals(
        new SpanTerms(
            URI.create(ENDPOINT), 0.25, List.of(TopicFilter.parse("a/#"), TopicFilter.parse("+"))),
        terms(
            Map.of(
                SpanOptions.ENDPOINT, ENDPOINT,
                SpanOptions.SAMPLE, "0.25",
                SpanOptions.TOPICS, "a/#, +")));
  }

  @Test
  void terms_whatCannotBe_saysSo() {
    for (Map<Option<?>, String> wrong :
        List.<Map<Option<?>, String>>of(
            Map.of(SpanOptions.ENDPOINT, "collector:4318"),
            Map.of(SpanOptions.ENDPOINT, ENDPOINT, SpanOptions.SAMPLE, "1.5"),
            Map.of(SpanOptions.ENDPOINT, ENDPOINT, SpanOptions.SAMPLE, "NaN"),
            Map.of(SpanOptions.ENDPOINT, ENDPOINT, SpanOptions.SAMPLE, "half"),
            Map.of(SpanOptions.ENDPOINT, ENDPOINT, SpanOptions.TOPICS, "a#"))) {
      OptionException refused = assertThrows(OptionException.class, () -> terms(wrong));
      assertTrue(
          String.valueOf(refused.getMessage()).startsWith("vmqtt.gateway."), refused::getMessage);
    }
  }
}
