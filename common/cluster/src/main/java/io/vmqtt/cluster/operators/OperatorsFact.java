package io.vmqtt.cluster.operators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.cluster.facts.AuthoredKind;
import io.vmqtt.cluster.facts.FactJson;
import io.vmqtt.model.Namespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operators as a fact of the cluster: {@code
 * "operators":[{"name":"anna","role":"viewer","namespace":"plant","password":"$argon2id$..."}]};
 * the rest is up to {@link FactJson}.
 */
public enum OperatorsFact implements AuthoredKind<Operators> {
  OPERATORS;

  private static final String ALL = "operators";
  private static final String NAME = "name";
  private static final String ROLE = "role";
  private static final String NAMESPACE = "namespace";
  private static final String PASSWORD = "password";

  @Override
  public String key() {
    return "operators";
  }

  @Override
  public String write(Operators operators) {
    ObjectNode said = FactJson.nothing();
    ArrayNode all = said.putArray(ALL);
    for (Operator operator : operators.all()) {
      ObjectNode one = all.addObject();
      one.put(NAME, operator.name()).put(ROLE, operator.role().label());
      @Nullable Namespace namespace = operator.namespace();
      if (namespace != null) {
        one.put(NAMESPACE, namespace.name());
      }
      one.put(PASSWORD, operator.password());
    }
    return FactJson.write(operators.version(), operators.origin(), said);
  }

  @Override
  public Operators read(String text) throws IOException {
    FactJson.Said said = FactJson.read(text, "operators");
    List<Operator> all = new ArrayList<>();
    try {
      for (JsonNode one : said.fields().path(ALL)) {
        String role = one.path(ROLE).asText();
        all.add(
            new Operator(
                one.path(NAME).asText(),
                OperatorRole.named(role)
                    .orElseThrow(() -> new IllegalArgumentException("no role '" + role + "'")),
                one.has(NAMESPACE) ? Namespace.of(one.get(NAMESPACE).asText()) : null,
                one.path(PASSWORD).asText()));
      }
      return new Operators(said.version(), all, said.origin());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
