package io.vmqtt.cluster.namespaces;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.cluster.facts.FactJson;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Namespaces as they stand in Consul, for people to read too: {@code
 * {"format":1,"version":1764150000000,"namespaces":{"plant-1":{"quotas":{"sessions":1000},"consistency":"strong"}}}}.
 * The nameless one is the empty name. Fields and quotas that a later version adds to the same
 * format are ignored; a later format is refused.
 */
public final class NamespacesJson {
  private static final int FORMAT = 1;
  private static final String FORMAT_FIELD = "format";
  private static final String VERSION = "version";
  private static final String NAMESPACES = "namespaces";
  private static final String QUOTAS = "quotas";
  private static final String CONSISTENCY = "consistency";
  private static final ObjectMapper JSON = new ObjectMapper();

  private NamespacesJson() {}

  public static String write(Namespaces namespaces) {
    ObjectNode fact = JSON.createObjectNode();
    fact.put(FORMAT_FIELD, FORMAT).put(VERSION, namespaces.version());
    FactJson.addOrigin(namespaces.origin(), fact);
    ObjectNode all = fact.putObject(NAMESPACES);
    Map<String, NamespaceTerms> sorted = new TreeMap<>();
    namespaces.all().forEach((namespace, terms) -> sorted.put(namespace.name(), terms));
    sorted.forEach(
        (name, terms) -> {
          ObjectNode one = all.putObject(name);
          ObjectNode quotas = one.putObject(QUOTAS);
          new TreeMap<>(terms.quotas().limits())
              .forEach((quota, limit) -> quotas.put(quota.label(), limit));
          one.put(CONSISTENCY, terms.consistency().label());
        });
    try {
      return JSON.writeValueAsString(fact);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + namespaces, e);
    }
  }

  /**
   * The namespaces that a text stands for.
   *
   * @throws IOException if it stands for none, or is of a format that this version does not know
   */
  public static Namespaces read(String json) throws IOException {
    if (!(JSON.readTree(json) instanceof ObjectNode fact)) {
      throw new IOException("no namespaces, but " + json);
    }
    JsonNode format = fact.path(FORMAT_FIELD);
    if (!format.isInt() || format.intValue() != FORMAT) {
      throw new IOException(
          "namespaces of format " + format + "; this version reads format " + FORMAT);
    }
    long version = positive(fact.path(VERSION), "the version");
    Map<Namespace, NamespaceTerms> all = new HashMap<>();
    try {
      for (Map.Entry<String, JsonNode> one :
          object(fact.path(NAMESPACES), NAMESPACES).properties()) {
        all.put(Namespace.of(one.getKey()), terms(one.getValue(), one.getKey()));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    return new Namespaces(version, all, FactJson.origin(fact));
  }

  private static NamespaceTerms terms(JsonNode terms, String name) throws IOException {
    String what = "namespace '" + name + "'";
    ObjectNode quotas = object(object(terms, what).path(QUOTAS), what);
    Map<Quota, Long> limits = new EnumMap<>(Quota.class);
    for (Quota quota : Quota.values()) {
      if (quotas.has(quota.label())) {
        limits.put(quota, positive(quotas.get(quota.label()), what + ", " + quota.label()));
      }
    }
    return new NamespaceTerms(new Quotas(limits), Consistency.of(terms.path(CONSISTENCY).asText()));
  }

  private static ObjectNode object(JsonNode node, String what) throws IOException {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IOException(what + ": no object, but " + node);
  }

  private static long positive(JsonNode node, String what) throws IOException {
    if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() > 0) {
      return node.longValue();
    }
    throw new IOException(what + ": no whole number from 1 on, but " + node);
  }
}
