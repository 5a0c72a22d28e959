package io.vmqtt.registry.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The schemas of a compiled OpenAPI document, in the words of JSON Schema 2020-12 that OpenAPI 3.1
 * has: micronaut-openapi writes what may be null as if it could be nothing else, or anything.
 */
final class ApiSchemas {
  /** What a reference to a schema begins with. */
  static final String REFERENCE = "#/components/schemas/";

  private static final String TYPE = "type";
  private static final String NULL = "null";
  private static final String STRING = "string";
  private static final String OBJECT = "object";
  private static final String ALL_OF = "allOf";

  private ApiSchemas() {}

  /** Has each schema say what is meant. */
  static void correct(ObjectNode document) {
    for (JsonNode operations : document.path("paths")) {
      for (JsonNode operation : operations) {
        operation.path("parameters").forEach(ApiSchemas::correctParameter);
        correctContent(operation.path("requestBody").path("content"));
        operation.path("responses").forEach(one -> correctContent(one.path("content")));
      }
    }
    correctAll(document);
  }

  /** What is left out of a request is not there, rather than null. */
  private static void correctParameter(JsonNode parameter) {
    if (parameter.path("schema") instanceof ObjectNode schema) {
      if (schema.get(TYPE) instanceof ArrayNode types) {
        schema.set(TYPE, types.get(0));
      } else if (schema.isEmpty()) {
        schema.put(TYPE, STRING);
      }
    }
  }

  /** The type of a schema in an annotation is lost; and JSON that is read by hand is no string. */
  private static void correctContent(JsonNode content) {
    for (Map.Entry<String, JsonNode> body : content.properties()) {
      if (body.getValue().path("schema") instanceof ObjectNode schema) {
        boolean isJson = body.getKey().equals("application/json");
        boolean isString = schema.path(TYPE).asText().equals(STRING);
        if (schema.isEmpty() || (isJson && isString)) {
          schema.put(TYPE, isJson ? OBJECT : STRING);
        }
      }
    }
  }

  private static void correctAll(JsonNode node) {
    node.forEach(ApiSchemas::correctAll);
    if (node instanceof ObjectNode schema) {
      correctOne(schema);
    }
  }

  private static void correctOne(ObjectNode schema) {
    JsonNode type = schema.path(TYPE);
    if (type instanceof ArrayNode types && types.size() > 2) {
      types.remove(2);
    } else if (type.asText().equals(NULL) && schema.path(ALL_OF) instanceof ArrayNode meant) {
      schema.remove(List.of(TYPE, ALL_OF));
      JsonNode referred = meant.get(0);
      if (referred.has("description")) {
        schema.set("description", ((ObjectNode) referred).remove("description"));
      }
      schema.putArray("anyOf").add(referred).addObject().put(TYPE, NULL);
    } else if (type.asText().equals(NULL) && schema.has("additionalProperties")) {
      schema.putArray(TYPE).add(OBJECT).add(NULL);
    } else if (type.asText().equals(NULL)) {
      schema.remove(TYPE); // anything, or null
    } else if (type.isMissingNode()
        && (schema.path("properties").isObject() || schema.has("additionalProperties"))) {
      schema.put(TYPE, OBJECT);
    } else if (type.isMissingNode() && schema.path("enum").isArray()) {
      schema.put(TYPE, STRING);
      schema.remove("x-type");
    }
  }

  /** Takes out the schemas that nothing refers to. */
  static void removeUnused(ObjectNode document) {
    ObjectNode schemas = (ObjectNode) document.path("components").path("schemas");
    Set<String> used = new HashSet<>();
    Deque<JsonNode> unread = new ArrayDeque<>(List.of(document.path("paths")));
    while (!unread.isEmpty()) {
      for (String reference : unread.pop().findValuesAsText("$ref")) {
        String name = reference.substring(REFERENCE.length());
        if (used.add(name)) {
          unread.push(schemas.path(name));
        }
      }
    }
    schemas.retain(used);
  }
}
