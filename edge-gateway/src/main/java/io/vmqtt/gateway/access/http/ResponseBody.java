package io.vmqtt.gateway.access.http;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import io.vmqtt.model.Namespace;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What comes with a 200: nothing, which lets the client in, or an object of JSON whose {@code
 * result} says what is to become of it. Anything else does not let it in: a page for people comes
 * with a 200, too.
 */
final class ResponseBody {
  /** Of what says two things, nobody knows which one holds. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private ResponseBody() {}

  /**
   * Reads it.
   *
   * @param asksUser whether the question had the user name that the client says: else it proves
   *     nothing of it
   */
  static Optional<Authentication> read(byte[] body, Credentials client, boolean asksUser)
      throws StrangeAnswerException {
    String asked = asksUser ? client.userName() : null;
    if (body.length == 0) {
      return Optional.of(new Authentication.Accepted(client.identity(client.namespace(), asked)));
    }
    JsonNode said;
    try {
      said = JSON.readTree(body);
    } catch (IOException _) {
      throw new StrangeAnswerException("answers with a body that is no JSON");
    }
    return switch (said.path("result").asText()) {
      case "allow" -> Optional.of(new Authentication.Accepted(identity(said, client, asked)));
      case "deny" -> Optional.of(Authentication.Refused.unproven(client));
      case "unknown" -> Optional.empty();
      default ->
          throw new StrangeAnswerException(
              "answers with a body whose \"result\" is not allow, deny or unknown");
    };
  }

  private static Identity identity(JsonNode said, Credentials client, @Nullable String asked)
      throws StrangeAnswerException {
    String namespace = said.path("namespace").asText(client.namespace().name());
    if (!namespace.isEmpty() && !Namespace.isName(namespace)) {
      throw new StrangeAnswerException("answers with a \"namespace\" that cannot be");
    }
    String user = said.path("user_name").asText("");
    return new Identity(
            Namespace.of(namespace),
            client.clientId(),
            user.isEmpty() ? asked : user,
            client.peer(),
            client.certificate(),
            claims(said.path("claims")))
        .with(rules(said.path("rules")));
  }

  /** Null: it says none. */
  private static @Nullable OwnRules rules(JsonNode said) throws StrangeAnswerException {
    return said.isMissingNode() || said.isNull()
        ? null
        : StrangeAnswerException.unless(() -> OwnRules.read(said));
  }

  /** Those that are a text, a number or a truth. */
  private static Map<String, String> claims(JsonNode said) {
    Map<String, String> claims = new HashMap<>();
    said.properties()
        .forEach(
            one -> {
              if (one.getValue().isValueNode() && !one.getValue().isNull()) {
                claims.put(one.getKey(), one.getValue().asText());
              }
            });
    return claims;
  }
}
