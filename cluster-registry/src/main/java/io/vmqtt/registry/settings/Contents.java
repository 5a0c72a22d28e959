package io.vmqtt.registry.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.cluster.facts.FactJson;
import java.io.IOException;

/** What a fact in Consul says, as the file of an operator would: the same words in JSON. */
public final class Contents {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Contents() {}

  /** Rules, the default as the last of them. */
  public static JsonNode ofAccess(String fact) {
    JsonNode fields = fields(fact);
    ObjectNode content = JSON.createObjectNode();
    if (fields.has("rules")) {
      ArrayNode rules = content.putArray("rules");
      for (JsonNode rule : fields.path("rules")) {
        rules.add(((ObjectNode) rule.deepCopy()).without("line"));
      }
      rules.addObject().set("default", fields.path("default"));
    }
    return content;
  }

  /** Bans, and pardons. */
  public static JsonNode ofBans(String fact) {
    JsonNode fields = fields(fact);
    ObjectNode content = JSON.createObjectNode();
    for (String section : new String[] {"bans", "pardons"}) {
      ArrayNode all = content.putArray(section);
      fields.path(section).forEach(all::add);
    }
    return content;
  }

  /** Namespaces by their names. */
  public static JsonNode ofNamespaces(String fact) {
    ObjectNode content = JSON.createObjectNode();
    try {
      JSON.readTree(fact)
          .path("namespaces")
          .properties()
          .forEach(
              one -> {
                ObjectNode terms = content.putObject(one.getKey());
                if (one.getValue().path("quotas") instanceof ObjectNode quotas) {
                  terms.setAll(quotas);
                }
                terms.set("consistency", one.getValue().path("consistency"));
              });
    } catch (IOException e) {
      throw new IllegalStateException("a fact that is no JSON", e);
    }
    return content;
  }

  private static JsonNode fields(String fact) {
    try {
      return FactJson.read(fact, "a setting").fields();
    } catch (IOException e) {
      throw new IllegalStateException("a fact that cannot be read", e);
    }
  }
}
