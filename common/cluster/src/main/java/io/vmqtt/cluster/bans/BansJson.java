package io.vmqtt.cluster.bans;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.cluster.facts.FactJson;
import io.vmqtt.model.Namespace;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bans as they stand in Consul: {@code
 * "bans":[{"client-id":"pump-7","namespace":"plant","reason":"stolen","by":"anna","since":"2026-11-26T15:00:00Z"}]},
 * and where there are pardons {@code
 * "pardons":[{"address":"203.0.113.7","at":"2026-11-26T15:00:00Z","reason":"","by":"anna"}]}; the
 * rest is up to {@link FactJson}. What a later version adds to a ban, or a pardon, is not ignored:
 * it would be about more than it says. Then the whole is refused.
 */
final class BansJson {
  private static final String BANS = "bans";
  private static final String NAMESPACE = "namespace";
  private static final String REASON = "reason";
  private static final String BY = "by";
  private static final String SINCE = "since";
  private static final String UNTIL = "until";
  private static final Set<String> REST = Set.of(NAMESPACE, REASON, BY, SINCE, UNTIL);
  private static final String PARDONS = "pardons";
  private static final String AT = "at";
  private static final Set<String> REST_OF_PARDON = Set.of(AT, REASON, BY);

  private BansJson() {}

  static String write(Bans bans) {
    ObjectNode said = FactJson.nothing();
    ArrayNode all = said.putArray(BANS);
    bans.all().forEach(ban -> write(ban, all.addObject()));
    if (!bans.pardons().isEmpty()) {
      ArrayNode pardons = said.putArray(PARDONS);
      bans.pardons().forEach(pardon -> write(pardon, pardons.addObject()));
    }
    return FactJson.write(bans.version(), bans.origin(), said);
  }

  private static void write(Ban ban, ObjectNode to) {
    to.put(ban.who().label(), ban.who().text());
    if (ban.namespace() != null) {
      to.put(NAMESPACE, ban.namespace().name());
    }
    to.put(REASON, ban.reason()).put(BY, ban.by());
    if (ban.since() != null) {
      to.put(SINCE, ban.since().toString());
    }
    if (ban.until() != null) {
      to.put(UNTIL, ban.until().toString());
    }
  }

  private static void write(Pardon pardon, ObjectNode to) {
    to.put(pardon.who().label(), pardon.who().text())
        .put(AT, pardon.at().toString())
        .put(REASON, pardon.reason())
        .put(BY, pardon.by());
  }

  static Bans read(String json) throws IOException {
    FactJson.Said said = FactJson.read(json, "bans");
    JsonNode fields = said.fields();
    List<Ban> all = new ArrayList<>();
    List<Pardon> pardons = new ArrayList<>();
    try {
      for (JsonNode ban : list(fields, BANS)) {
        all.add(ban(ban));
      }
      if (fields.has(PARDONS)) {
        for (JsonNode pardon : list(fields, PARDONS)) {
          pardons.add(pardon(pardon));
        }
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
    return new Bans(said.version(), all, pardons, said.origin());
  }

  private static ArrayNode list(JsonNode fields, String name) throws IOException {
    if (fields.path(name) instanceof ArrayNode array) {
      return array;
    }
    throw new IOException(name + ": no list, but " + fields.path(name));
  }

  private static Ban ban(JsonNode ban) {
    return new Ban(
        who(ban, "a ban", REST),
        ban.has(NAMESPACE) ? Namespace.of(ban.get(NAMESPACE).asText()) : null,
        ban.path(REASON).asText(),
        ban.path(BY).asText(),
        instant(ban, SINCE),
        instant(ban, UNTIL));
  }

  private static Pardon pardon(JsonNode pardon) {
    return new Pardon(
        who(pardon, "a pardon", REST_OF_PARDON),
        Instant.parse(pardon.path(AT).asText()),
        pardon.path(REASON).asText(),
        pardon.path(BY).asText());
  }

  private static Banned who(JsonNode one, String kind, Set<String> rest) {
    Banned who = null;
    for (String field : (Iterable<String>) one::fieldNames) {
      if (Banned.LABELS.contains(field) && who == null) {
        who = Banned.of(field, one.get(field).asText());
      } else if (!rest.contains(field)) {
        throw new IllegalArgumentException(
            kind + " with '" + field + "', which this version does not know");
      }
    }
    if (who == null) {
      throw new IllegalArgumentException(kind + " of nobody: " + one);
    }
    return who;
  }

  private static @Nullable Instant instant(JsonNode ban, String field) {
    return ban.has(field) ? Instant.parse(ban.get(field).asText()) : null;
  }
}
