package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.types.files.StreamedFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.Download;
import io.vmqtt.cluster.operation.DownloadTurns;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.ListenerList;
import io.vmqtt.cluster.operation.LogLevelChange;
import io.vmqtt.cluster.operation.LogLevels;
import io.vmqtt.cluster.operation.NodeConfiguration;
import io.vmqtt.cluster.operation.NodeOperations;
import io.vmqtt.cluster.operation.Nothing;
import io.vmqtt.cluster.operation.OperationRefusal;
import io.vmqtt.cluster.operation.OptionChange;
import io.vmqtt.cluster.operators.OperatorRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is inside of one process: {@code /api/v1/nodes/{id}/configuration}, {@code log-levels} and
 * dumps; and {@code /api/v1/configuration}, of all. Dumps pass through in pieces.
 */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class NodeController {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int DOWNLOADS_AT_ONCE = 4;

  private final KnownNodes known;
  private final Nodes nodes;
  private final DownloadTurns turns =
      new DownloadTurns(
          DOWNLOADS_AT_ONCE, "too many downloads pass through this registry", System::nanoTime);

  NodeController(KnownNodes known, Nodes nodes) {
    this.known = known;
    this.nodes = nodes;
  }

  private Node node(HttpRequest<?> request, String id) {
    Asking.requireWhole(request);
    return known.named(id);
  }

  /**
   * The options of a process.
   *
   * @param node its id
   * @param role its role's service name
   */
  record OfNode(String node, String role, List<NodeConfiguration.Setting> options) {
    static OfNode of(Node node, NodeConfiguration configuration) {
      return new OfNode(node.id(), node.role().serviceName(), configuration.options());
    }
  }

  /** The options of all processes, by role and id. */
  @JsonInclude
  record OfAll(List<OfNode> items, List<Missing> missing) {}

  /** Tells what holds for the options of every process, and who said so. */
  @Get("/configuration")
  @RequiresRole(OperatorRole.VIEWER)
  OfAll configuration(HttpRequest<?> request) throws InterruptedException {
    Asking.requireWhole(request);
    List<Node> asked = known.all();
    Map<Node, Said<NodeConfiguration>> said =
        nodes.ask(asked, NodeOperations.CONFIGURATION, Nothing.MORE);
    List<OfNode> items = new ArrayList<>();
    for (Node node : asked) {
      if (said.get(node) instanceof Said.Answer<NodeConfiguration>(NodeConfiguration all)) {
        items.add(OfNode.of(node, all));
      }
    }
    return new OfAll(items, Missing.of(said));
  }

  /** Tells what holds for the options of one process, and who said so. */
  @Get("/nodes/{id}/configuration")
  @RequiresRole(OperatorRole.VIEWER)
  @MayRefuse({404, 409})
  OfNode configurationOfNode(HttpRequest<?> request, @PathVariable String id)
      throws InterruptedException {
    Node node = node(request, id);
    return OfNode.of(node, nodes.ask(node, NodeOperations.CONFIGURATION, Nothing.MORE));
  }

  /**
   * What is to hold.
   *
   * @param options by name, without dashes; null: what it was at the start
   */
  record WantedOptions(@Nullable Map<String, @Nullable String> options) {}

  /**
   * Has something else hold for options of one process, until it ends.
   *
   * <p>Only those that are {@code changeable}; where one cannot be so, none changes.
   */
  @Put("/nodes/{id}/configuration")
  @RequiresRole(OperatorRole.ADMIN)
  @MayRefuse({404, 409})
  OfNode configure(HttpRequest<?> request, @PathVariable String id, @Body WantedOptions wanted)
      throws InterruptedException {
    Map<String, @Nullable String> options = wanted.options() == null ? Map.of() : wanted.options();
    OptionChange change = Problem.inBadRequest("options", () -> new OptionChange(options));
    Node node = node(request, id);
    return OfNode.of(node, nodes.ask(node, NodeOperations.SET_CONFIGURATION, change));
  }

  /** Tells where a gateway listens for clients, and what of that is not as it is wanted. */
  @Get("/nodes/{id}/listeners")
  @RequiresRole(OperatorRole.VIEWER)
  @MayRefuse({404, 409})
  ListenerList listeners(HttpRequest<?> request, @PathVariable String id)
      throws InterruptedException {
    Node node = node(request, id);
    if (node.role() != Role.EDGE_GATEWAY) {
      throw Problem.notFound("no gateway has the id '" + id + "'");
    }
    return nodes.ask(node, GatewayOperations.LISTENERS, Nothing.MORE);
  }

  /** Tells what a process logs, by logger. */
  @Get("/nodes/{id}/log-levels")
  @RequiresRole(OperatorRole.VIEWER)
  @MayRefuse({404, 409})
  LogLevels logLevels(HttpRequest<?> request, @PathVariable String id) throws InterruptedException {
    return nodes.ask(node(request, id), NodeOperations.LOG_LEVELS, Nothing.MORE);
  }

  /**
   * What a process is to log.
   *
   * @param levels by logger; null: what it was at the start
   */
  record Wanted(@Nullable Map<String, @Nullable String> levels) {}

  /** Has a process log something else, until it ends. */
  @Put("/nodes/{id}/log-levels")
  @RequiresRole(OperatorRole.ADMIN)
  @MayRefuse({404, 409})
  LogLevels setLogLevels(HttpRequest<?> request, @PathVariable String id, @Body Wanted wanted)
      throws InterruptedException {
    Map<String, @Nullable String> levels = wanted.levels() == null ? Map.of() : wanted.levels();
    LogLevelChange change = Problem.inBadRequest("levels", () -> new LogLevelChange(levels));
    return nodes.ask(node(request, id), NodeOperations.SET_LOG_LEVELS, change);
  }

  /** Tells what the threads of a process do, as text. */
  @Get("/nodes/{id}/thread-dump")
  @RequiresRole(OperatorRole.ADMIN)
  @MayRefuse({404, 409})
  @ApiResponse(
      responseCode = "200",
      description = "The dump",
      content =
          @Content(mediaType = "text/plain", schema = @Schema(implementation = StreamedFile.class)))
  HttpResponse<StreamedFile> threadDump(HttpRequest<?> request, @PathVariable String id)
      throws InterruptedException {
    return open(node(request, id), NodeOperations.THREAD_DUMP, Nothing.MORE, PATIENCE);
  }

  /**
   * Dumps what a process has in memory, in the form of HPROF.
   *
   * @param live {@code true}, or left out: only what something refers to
   */
  @Get("/nodes/{id}/heap-dump")
  @RequiresRole(OperatorRole.ADMIN)
  @MayRefuse({404, 409})
  @ApiResponse(
      responseCode = "200",
      description = "The dump, as HPROF",
      content =
          @Content(
              mediaType = "application/octet-stream",
              schema = @Schema(implementation = StreamedFile.class)))
  HttpResponse<StreamedFile> heapDump(
      HttpRequest<?> request, @PathVariable String id, @Nullable @QueryValue String live)
      throws InterruptedException {
    boolean onlyLive = !Boolean.FALSE.equals(Asking.flag("live", live, true));
    return open(
        node(request, id), NodeOperations.HEAP_DUMP, new Download.HeapDump(onlyLive), PATIENCE);
  }

  /**
   * Records what a process does, in the form of Java Flight Recorder.
   *
   * @param seconds for how long
   */
  @Get("/nodes/{id}/flight-recording")
  @RequiresRole(OperatorRole.ADMIN)
  @MayRefuse({404, 409})
  @ApiResponse(
      responseCode = "200",
      description = "The recording, as JFR",
      content =
          @Content(
              mediaType = "application/octet-stream",
              schema = @Schema(implementation = StreamedFile.class)))
  HttpResponse<StreamedFile> recording(
      HttpRequest<?> request, @PathVariable String id, @QueryValue(defaultValue = "30") int seconds)
      throws InterruptedException {
    Download.Recording wanted =
        Problem.inBadRequest("seconds", () -> new Download.Recording(seconds));
    return open(
        node(request, id), NodeOperations.FLIGHT_RECORDING, wanted, PATIENCE.plusSeconds(seconds));
  }

  /** Packs what whoever has to help wants to know first into an archive. */
  @Get("/nodes/{id}/diagnostics")
  @RequiresRole(OperatorRole.ADMIN)
  @MayRefuse({404, 409})
  @ApiResponse(
      responseCode = "200",
      description = "An archive",
      content =
          @Content(
              mediaType = "application/zip",
              schema = @Schema(implementation = StreamedFile.class)))
  HttpResponse<StreamedFile> diagnostics(HttpRequest<?> request, @PathVariable String id)
      throws InterruptedException {
    return open(node(request, id), NodeOperations.DIAGNOSTICS, Nothing.MORE, PATIENCE);
  }

  private <Q> HttpResponse<StreamedFile> open(
      Node node, Download<Q> download, Q question, Duration patience) throws InterruptedException {
    DownloadTurns.Turn turn = turn();
    try {
      StreamedFile file =
          new StreamedFile(
              turn.holds(nodes.open(node, download, question, patience)),
              MediaType.of(download.mediaType()));
      return HttpResponse.ok(
              file.attach(
                  node.role().serviceName()
                      + '-'
                      + node.id()
                      + '-'
                      + download.name()
                      + download.ending()))
          .header(HttpHeaders.CACHE_CONTROL, "no-store");
    } catch (RuntimeException | InterruptedException e) {
      turn.close();
      throw e;
    }
  }

  private DownloadTurns.Turn turn() {
    try {
      return turns.take();
    } catch (OperationRefusal e) {
      throw Problem.tooMany(String.valueOf(e.getMessage()));
    }
  }
}
