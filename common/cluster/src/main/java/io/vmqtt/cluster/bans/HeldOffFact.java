package io.vmqtt.cluster.bans;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.cluster.facts.AuthoredKind;
import io.vmqtt.cluster.facts.FactJson;
import io.vmqtt.model.Namespace;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Who is held off, as a fact of the cluster: {@code
 * "held-off":[{"from":"203.0.113.7","user":"anna","namespace":"","until":"2026-11-26T15:05:00Z"}]};
 * the rest is up to {@link FactJson}.
 */
public enum HeldOffFact implements AuthoredKind<HeldOff> {
  HELD_OFF;

  private static final String ALL = "held-off";
  private static final String FROM = "from";
  private static final String NAMESPACE = "namespace";
  private static final String UNTIL = "until";

  @Override
  public String key() {
    return "held-off";
  }

  @Override
  public String write(HeldOff heldOff) {
    ObjectNode said = FactJson.nothing();
    ArrayNode all = said.putArray(ALL);
    heldOff
        .untilMillis()
        .forEach(
            (suspect, until) ->
                all.addObject()
                    .put(FROM, suspect.from().toString())
                    .put(label(suspect.kind()), suspect.name())
                    .put(NAMESPACE, suspect.namespace().name())
                    .put(UNTIL, Instant.ofEpochMilli(until).toString()));
    return FactJson.write(heldOff.version(), said);
  }

  private static String label(Suspect.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public HeldOff read(String text) throws IOException {
    FactJson.Said said = FactJson.read(text, "who is held off");
    Map<Suspect, Long> all = new HashMap<>();
    try {
      for (JsonNode one : said.fields().path(ALL)) {
        all.put(suspect(one), Instant.parse(one.path(UNTIL).asText()).toEpochMilli());
      }
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new IOException(e.getMessage(), e);
    }
    return new HeldOff(said.version(), all);
  }

  private static Suspect suspect(JsonNode one) {
    Network from = Network.of(one.path(FROM).asText());
    Namespace namespace = Namespace.of(one.path(NAMESPACE).asText());
    for (Suspect.Kind kind : Suspect.Kind.values()) {
      if (one.has(label(kind))) {
        return new Suspect(kind, from, namespace, one.get(label(kind)).asText());
      }
    }
    throw new IllegalArgumentException("nobody is held off by " + one);
  }
}
