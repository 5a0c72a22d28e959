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
 * "held-off":[{"from":"203.0.113.7","user":"anna","namespace":"","since":"2026-11-26T15:00:00Z","until":"2026-11-26T15:05:00Z"}]};
 * the rest is up to {@link FactJson}. Without {@code since}, it has begun before any pardon.
 */
public enum HeldOffFact implements AuthoredKind<HeldOff> {
  HELD_OFF;

  private static final String ALL = "held-off";
  private static final String FROM = "from";
  private static final String NAMESPACE = "namespace";
  private static final String SINCE = "since";
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
        .all()
        .forEach(
            (suspect, holdOff) ->
                all.addObject()
                    .put(FROM, suspect.from().toString())
                    .put(label(suspect.kind()), suspect.name())
                    .put(NAMESPACE, suspect.namespace().name())
                    .put(SINCE, Instant.ofEpochMilli(holdOff.sinceMillis()).toString())
                    .put(UNTIL, Instant.ofEpochMilli(holdOff.untilMillis()).toString()));
    return FactJson.write(heldOff.version(), null, said);
  }

  private static String label(Suspect.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public HeldOff read(String text) throws IOException {
    FactJson.Said said = FactJson.read(text, "who is held off");
    Map<Suspect, HoldOff> all = new HashMap<>();
    try {
      for (JsonNode one : said.fields().path(ALL)) {
        all.put(
            suspect(one), new HoldOff(one.has(SINCE) ? millis(one, SINCE) : 0, millis(one, UNTIL)));
      }
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new IOException(e.getMessage(), e);
    }
    return new HeldOff(said.version(), all);
  }

  private static long millis(JsonNode one, String field) {
    return Instant.parse(one.path(field).asText()).toEpochMilli();
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
