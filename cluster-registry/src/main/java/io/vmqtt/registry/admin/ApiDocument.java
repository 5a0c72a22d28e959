package io.vmqtt.registry.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.HttpMethod;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.operators.OperatorRole;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The API as an OpenAPI document. What the controllers take and give, and what their Javadoc says,
 * was written down when they were compiled; here it meets the routes that there are, so that the
 * role that each takes is the one that is asked for, and the problems are those that may come.
 */
@Singleton
final class ApiDocument {
  /** The security scheme of {@code Authorization: Bearer}. */
  static final String TOKEN = "token";

  /** The security scheme of {@code Authorization: Basic}. */
  static final String PASSWORD = "password";

  private static final String COMPILED = "/META-INF/swagger/api.json";
  private static final String BASE = "/api/v1/";
  private static final String PROBLEM = "Problem";

  /** By their status, what the problems are. */
  private static final Map<Integer, String> PROBLEMS =
      Map.ofEntries(
          Map.entry(400, "A parameter, or what was sent, cannot be: the detail names it"),
          Map.entry(401, "Nobody is known by what was said, or nothing was said"),
          Map.entry(403, "The role, or the namespace, of who asks does not allow it"),
          Map.entry(404, "What it is about is not there"),
          Map.entry(409, "It cannot be done as things are: the detail says why"),
          Map.entry(412, "There is another version than the one that If-Match names"),
          Map.entry(428, "If-Match is missing: which version the change follows"),
          Map.entry(429, "Too much of it is going on; try again in a moment"),
          Map.entry(503, "Somebody on whom it depends does not answer"));

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Router router;
  private byte @Nullable [] json;

  ApiDocument(Router router) {
    this.router = router;
  }

  /** In UTF-8. Made when it is asked for the first time, which takes a moment. */
  synchronized byte[] json() {
    if (json == null) {
      json = made();
    }
    return json.clone();
  }

  private byte[] made() {
    try (InputStream compiled = ApiDocument.class.getResourceAsStream(COMPILED)) {
      if (compiled == null) {
        throw new IllegalStateException("no " + COMPILED + " in the class path");
      }
      ObjectNode document = (ObjectNode) JSON.readTree(compiled);
      document.withObjectProperty("info").put("version", Version.current());
      ApiSchemas.correct(document);
      document
          .withObjectProperty("components")
          .withObjectProperty("schemas")
          .set(PROBLEM, problem());
      Set<String> seen = new HashSet<>(); // the router names a route for each way to it
      router
          .uriRoutes()
          .filter(route -> path(route).startsWith(BASE) && route.getHttpMethod() != HttpMethod.HEAD)
          .filter(route -> seen.add(route.getHttpMethodName() + ' ' + path(route)))
          .forEach(route -> complete(document, route));
      ApiSchemas.removeUnused(document);
      return JSON.writeValueAsBytes(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String path(UriRouteInfo<?, ?> route) {
    return route.getUriMatchTemplate().toPathString();
  }

  private static void complete(ObjectNode document, UriRouteInfo<?, ?> route) {
    String path = path(route);
    JsonNode found =
        document.path("paths").path(path).path(route.getHttpMethodName().toLowerCase(Locale.ROOT));
    if (!(found instanceof ObjectNode operation)) {
      throw new IllegalStateException(route.getHttpMethodName() + ' ' + path + " is not described");
    }
    String topic = path.substring(BASE.length()).split("[/.]", 2)[0];
    operation.putArray("tags").add(topic);
    operation.put("operationId", name(route));
    boolean isOpen = OperatorFilter.isOpen(path);
    ArrayNode security = operation.putArray("security");
    if (!isOpen) {
      OperatorRole role = OperatorFilter.required(route.getAnnotationMetadata());
      security.addObject().putArray(TOKEN).add(role.label());
      security.addObject().putArray(PASSWORD).add(role.label());
      operation.put(
          "description",
          operation.path("description").asText() + "\n\nIt takes the role `" + role.label() + "`.");
    }
    ObjectNode responses = operation.withObjectProperty("responses");
    responses.forEach(ApiDocument::describe);
    for (int status : refusals(route, operation, isOpen)) {
      ObjectNode response = responses.putObject(Integer.toString(status));
      response.put("description", String.valueOf(PROBLEMS.get(status)));
      response
          .putObject("content")
          .putObject(ProblemHandler.TYPE)
          .putObject("schema")
          .put("$ref", ApiSchemas.REFERENCE + PROBLEM);
    }
  }

  /** The generated words say nothing. */
  private static void describe(JsonNode response) {
    if (response.path("description").asText().endsWith(" 200 response")) {
      ((ObjectNode) response).put("description", "Done as asked");
    }
  }

  /** A name that is the only one: those of methods are in several controllers. */
  private static String name(UriRouteInfo<?, ?> route) {
    String controller =
        route.getTargetMethod().getDeclaringType().getSimpleName().replace("Controller", "");
    String method = route.getTargetMethod().getMethodName();
    return controller.substring(0, 1).toLowerCase(Locale.ROOT)
        + controller.substring(1)
        + method.substring(0, 1).toUpperCase(Locale.ROOT)
        + method.substring(1);
  }

  private static Set<Integer> refusals(
      UriRouteInfo<?, ?> route, ObjectNode operation, boolean isOpen) {
    Set<Integer> statuses = new TreeSet<>();
    if (!isOpen) {
      statuses.addAll(Set.of(401, 403, 429, 503));
    }
    if (!operation.path("parameters").isEmpty() || operation.has("requestBody")) {
      statuses.add(400);
    }
    route
        .getAnnotationMetadata()
        .getValue(MayRefuse.class, int[].class)
        .ifPresent(more -> Arrays.stream(more).forEach(statuses::add));
    return statuses;
  }

  private static ObjectNode problem() {
    ObjectNode problem = JSON.createObjectNode().put("type", "object");
    problem.put("description", "Why a request is not answered as it was asked (RFC 9457).");
    ObjectNode properties = problem.putObject("properties");
    properties.putObject("type").put("type", "string").put("format", "uri-reference");
    properties.putObject("title").put("type", "string");
    properties.putObject("status").put("type", "integer").put("format", "int32");
    properties
        .putObject("detail")
        .put("type", "string")
        .put("description", "for people; it begins with the name of a parameter that is wrong");
    problem.putArray("required").add("type").add("title").add("status");
    return problem;
  }
}
