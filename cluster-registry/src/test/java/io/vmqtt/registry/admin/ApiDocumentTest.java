package io.vmqtt.registry.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.registry.Application;
import io.vmqtt.testkit.consul.ConsulProcess;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.HttpProbe;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a registry says of its API, beside the API that it has. */
class ApiDocumentTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As the router tells of itself. */
  private static final Pattern ROUTE = Pattern.compile("\\[(/api/v1/[^]]*)],method=\\[(\\w+)]");

  private static ConsulProcess consul;
  private static RoleProcess registry;
  private static JsonNode document;

  @BeforeAll
  static void start() throws Exception {
    consul = ConsulProcess.start();
    registry =
        Application.start(
            Map.of(
                "vmqtt.consul",
                consul.address(),
                RoleProcess.HTTP_PORT,
                "0",
                "endpoints.routes.enabled",
                "true",
                "endpoints.routes.sensitive",
                "false"));
    document = get("/api/v1/openapi.json");
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
    if (consul != null) {
      consul.close();
    }
  }

  private static JsonNode get(String path) throws Exception {
    return JSON.readTree(HttpProbe.get(Address.local(registry.httpPort()), path));
  }

  private static Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation ->
                            operations.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + ' ' + path.getKey(),
                                operation.getValue())));
    return operations;
  }

  private static JsonNode operation(String path, String method) {
    return document.path("paths").path(path).path(method);
  }

  @Test
  void operations_areTheRoutesOfTheRouter() throws Exception {
    Set<String> routes = new TreeSet<>();
    get("/routes")
        .fieldNames()
        .forEachRemaining(
            route ->
                ROUTE
                    .matcher(route)
                    .results()
                    .filter(found -> !found.group(2).equals("HEAD")) // comes with each GET
                    .forEach(found -> routes.add(found.group(2) + ' ' + found.group(1))));

    assertTrue(routes.contains("PUT /api/v1/nodes/{id}/log-levels"), routes::toString);
    assertEquals(routes, operations().keySet());
  }

  @Test
  void document_isOpenApi31_ofThisVersion() {
    assertTrue(
        document.path("openapi").asText().startsWith("3.1."), document.path("openapi")::asText);
    assertEquals(Version.current(), document.at("/info/version").asText());
    assertEquals("bearer", document.at("/components/securitySchemes/token/scheme").asText());
    assertEquals("basic", document.at("/components/securitySchemes/password/scheme").asText());
  }

  @Test
  void operations_eachHasANameAndASummary_andTellsItsParametersAndAnswer() {
    Set<String> names = new HashSet<>();
    operations()
        .forEach(
            (name, operation) -> {
              assertTrue(names.add(operation.path("operationId").asText()), name);
              assertTrue(operation.path("summary").asText().length() > 15, name);
              assertEquals(1, operation.path("tags").size(), name);
              for (JsonNode parameter : operation.path("parameters")) {
                assertTrue(parameter.at("/schema/type").isTextual(), () -> name + ' ' + parameter);
              }
              JsonNode content = operation.at("/responses/200/content");
              assertFalse(content.isEmpty(), name);
              for (JsonNode one : content) {
                assertFalse(one.path("schema").isEmpty(), name);
              }
            });
  }

  @Test
  void operations_eachHasItsProblems() {
    operations()
        .forEach(
            (name, operation) -> {
              Set<String> problems = new TreeSet<>();
              operation
                  .path("responses")
                  .properties()
                  .forEach(
                      response -> {
                        if (!response.getKey().startsWith("2")) {
                          problems.add(response.getKey());
                          assertEquals(
                              "#/components/schemas/Problem",
                              response
                                  .getValue()
                                  .path("content")
                                  .path("application/problem+json")
                                  .at("/schema/$ref")
                                  .asText(),
                              name);
                        }
                      });
              if (!operation.path("security").isEmpty()) {
                assertTrue(problems.containsAll(Set.of("401", "403", "429", "503")), name);
              }
              if (name.contains("{id}")) {
                assertTrue(problems.contains("404"), name);
              }
              if (!operation.path("parameters").isEmpty() || operation.has("requestBody")) {
                assertTrue(problems.contains("400"), name);
              }
            });
    assertTrue(operation("/api/v1/access", "put").path("responses").has("412"));
  }

  @Test
  void operations_eachHasTheRoleThatItTakes() {
    Set<String> open = new TreeSet<>();
    operations()
        .forEach(
            (name, operation) -> {
              assertTrue(operation.path("security").isArray(), name);
              int said =
                  operation.path("description").asText().split("It takes the role").length - 1;
              if (operation.path("security").isEmpty()) {
                open.add(name);
                assertEquals(0, said, name);
              } else {
                assertEquals(1, said, name);
              }
            });

    assertEquals(Set.of("GET /api/v1/openapi.json", "POST /api/v1/login"), open);
    assertEquals("viewer", operation("/api/v1/me", "get").at("/security/0/token/0").asText());
    assertEquals(
        "operator", operation("/api/v1/messages", "post").at("/security/1/password/0").asText());
    assertEquals("admin", operation("/api/v1/bans", "put").at("/security/0/token/0").asText());
  }

  @Test
  void references_areToSchemasThatAreThere_andAllAreUsed() {
    Set<String> used = new TreeSet<>();
    for (String reference : document.findValuesAsText("$ref")) {
      assertTrue(reference.startsWith("#/components/schemas/"), reference);
      used.add(reference.substring("#/components/schemas/".length()));
    }
    Set<String> there = new TreeSet<>();
    document.at("/components/schemas").fieldNames().forEachRemaining(there::add);

    assertEquals(there, used);
    assertFalse(there.contains("JsonNode"), there::toString);
  }

  /** Bodies that the server reads by itself. */
  @Test
  void bodies_readByHand_areDescribed() {
    JsonNode rules = operation("/api/v1/access", "put").at("/requestBody/content");
    assertEquals("string", rules.path("application/yaml").at("/schema/type").asText());
    assertEquals("object", rules.path("application/json").at("/schema/type").asText());
    assertEquals(
        "#/components/schemas/BansController.BanWanted",
        operation("/api/v1/bans", "post")
            .at("/requestBody/content")
            .path("application/json")
            .at("/schema/$ref")
            .asText());
    assertTrue(
        document.at("/components/schemas/BansController.BanWanted/properties").has("client-id"));
  }

  @Test
  void schemas_sayWhatMayBeNull() {
    JsonNode schemas = document.at("/components/schemas");
    assertEquals(
        "[\"string\",\"null\"]", schemas.at("/ClientLocation/properties/gateway/type").toString());
    assertEquals("object", schemas.at("/ClientLocation/type").asText());
    assertEquals(
        "[{\"$ref\":\"#/components/schemas/ClusterStatus.ConsulStatus\"},{\"type\":\"null\"}]",
        schemas.at("/ClusterStatus/properties/consul/anyOf").toString());
    assertEquals(
        "[\"object\",\"null\"]",
        schemas.at("/ClusterStatus.NodeEntry/properties/figures/type").toString());
    assertEquals("in-turn", schemas.at("/Explanation.Verdict/enum/2").asText());
    for (JsonNode type : document.findValues("type")) {
      assertTrue(!type.isArray() || type.size() == 2, type::toString);
    }
  }
}
