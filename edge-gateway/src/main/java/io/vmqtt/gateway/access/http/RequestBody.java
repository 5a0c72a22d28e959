package io.vmqtt.gateway.access.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.Template;
import io.vmqtt.gateway.access.outside.Template.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What is sent: JSON, in whose texts variables stand for what is known of the client. A text with
 * one that the client does not have is null. What a client says of itself is always the inside of a
 * text.
 */
final class RequestBody {
  /** Everything that is known. */
  static final String STANDARD =
      """
      {"client_id": "%c", "user_name": "%u", "password": "%p", "address": "%a",
       "certificate_name": "%s", "namespace": "%n"}
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Node root;
  private final boolean hasUserName;

  /** A value of JSON that may depend on the client. */
  private interface Node {
    JsonNode of(Credentials client);
  }

  private RequestBody(Node root, boolean hasUserName) {
    this.root = root;
    this.hasUserName = hasUserName;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is no JSON, or has a variable that there is not
   */
  static RequestBody read(String json) {
    try {
      JsonNode tree = JSON.readTree(json);
      if (!tree.isContainerNode()) {
        throw new IllegalArgumentException("neither an object nor an array of JSON");
      }
      List<Template> texts = new ArrayList<>();
      Node root = node(tree, texts);
      return new RequestBody(root, texts.stream().anyMatch(one -> one.has(Variable.USER_NAME)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Adds what it reads to the texts. */
  private static Node node(JsonNode read, List<Template> texts) {
    return switch (read) {
      case TextNode text -> {
        Template template = Template.read(text.textValue(), Variable.values());
        texts.add(template);
        yield client -> {
          String filled = template.fill(client, UnaryOperator.identity());
          return filled == null ? NullNode.getInstance() : TextNode.valueOf(filled);
        };
      }
      case ObjectNode object -> {
        Map<String, Node> fields = new LinkedHashMap<>();
        object.properties().forEach(one -> fields.put(one.getKey(), node(one.getValue(), texts)));
        yield client -> {
          ObjectNode made = JSON.createObjectNode();
          fields.forEach((name, value) -> made.set(name, value.of(client)));
          return made;
        };
      }
      case ArrayNode array -> {
        List<Node> values = new ArrayList<>();
        array.forEach(one -> values.add(node(one, texts)));
        yield client -> {
          ArrayNode made = JSON.createArrayNode();
          values.forEach(value -> made.add(value.of(client)));
          return made;
        };
      }
      default -> _ -> read;
    };
  }

  /** Whether it says the user name: else what is answered says nothing of it. */
  boolean hasUserName() {
    return hasUserName;
  }

  /** In UTF-8. */
  byte[] of(Credentials client) {
    try {
      return JSON.writeValueAsBytes(root.of(client));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON cannot be written", e);
    }
  }
}
