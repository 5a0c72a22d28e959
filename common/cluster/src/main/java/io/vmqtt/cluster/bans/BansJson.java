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
 * "bans":[{"client-id":"pump-7","namespace":"plant","reason":"stolen","by":"anna","since":"2026-11-26T15:00:00Z"}]};
 * the rest is up to {@link FactJson}. What a later version adds to a ban is not ignored: it would
 * be about more than it says. Then the whole is refused.
 */
final class BansJson {
  private static final String BANS = "bans";
  private static final String NAMESPACE = "namespace";
  private static final String REASON = "reason";
  private static final String BY = "by";
  private static final String SINCE = "since";
  private static final String UNTIL = "until";
  private static final Set<String> REST = Set.of(NAMESPACE, REASON, BY, SINCE, UNTIL);

  private BansJson() {}

  static String write(Bans bans) {
    ObjectNode said = FactJson.nothing();
    ArrayNode all = said.putArray(BANS);
    bans.all().forEach(ban -> write(ban, all.addObject()));
    return FactJson.write(bans.version(), said);
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

  static Bans read(String json) throws IOException {
    FactJson.Said said = FactJson.read(json, "bans");
    if (!(said.fields().path(BANS) instanceof ArrayNode array)) {
      throw new IOException("bans: no list, but " + said.fields().path(BANS));
    }
    List<Ban> all = new ArrayList<>();
    try {
      for (JsonNode ban : array) {
        all.add(ban(ban));
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
    return new Bans(said.version(), all);
  }

  private static Ban ban(JsonNode ban) {
    Banned who = null;
    for (String field : (Iterable<String>) ban::fieldNames) {
      if (Banned.LABELS.contains(field) && who == null) {
        who = Banned.of(field, ban.get(field).asText());
      } else if (!REST.contains(field)) {
        throw new IllegalArgumentException(
            "a ban with '" + field + "', which this version does not know");
      }
    }
    if (who == null) {
      throw new IllegalArgumentException("a ban of nobody: " + ban);
    }
    return new Ban(
        who,
        ban.has(NAMESPACE) ? Namespace.of(ban.get(NAMESPACE).asText()) : null,
        ban.path(REASON).asText(),
        ban.path(BY).asText(),
        instant(ban, SINCE),
        instant(ban, UNTIL));
  }

  private static @Nullable Instant instant(JsonNode ban, String field) {
    return ban.has(field) ? Instant.parse(ban.get(field).asText()) : null;
  }
}
