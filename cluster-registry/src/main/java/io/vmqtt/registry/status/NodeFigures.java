package io.vmqtt.registry.status;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.net.HostAndPort;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.status.NodeReport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks nodes for their live figures: several at once, none for longer than a moment. Safe from any
 * thread; whatever is asked at the same time shares the same few threads.
 */
public final class NodeFigures implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeFigures.class);

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Duration timeout;
  private final HttpClient http;
  private final ExecutorService threads;

  /**
   * @param timeout for each node
   * @param parallelism how many nodes are asked at once
   */
  public NodeFigures(Duration timeout, int parallelism) {
    this.timeout = timeout;
    this.http = HttpClient.newBuilder().connectTimeout(timeout).build();
    this.threads =
        Executors.newFixedThreadPool(
            parallelism, Thread.ofVirtual().name("node-figures-", 0).factory());
  }

  /**
   * The figures of those nodes that told them in time.
   *
   * @throws InterruptedException if the calling thread is asked to stop
   */
  public Map<Node, Map<String, Object>> of(List<Node> nodes) throws InterruptedException {
    List<Callable<Optional<NodeReport>>> questions = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      questions.add(() -> ask(node));
    }
    List<Future<Optional<NodeReport>>> answers = threads.invokeAll(questions);
    Map<Node, Map<String, Object>> figures = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      answers.get(i).resultNow().ifPresent(report -> figures.put(node, report.figures()));
    }
    return figures;
  }

  private Optional<NodeReport> ask(Node node) {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(uri(node)).timeout(timeout).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        log.debug("{} answered {}", uri(node), response.statusCode());
        return Optional.empty();
      }
      NodeReport report = JSON.readValue(response.body(), NodeReport.class);
      // The port may have gone to another process since.
      return report.id().equals(node.id()) ? Optional.of(report) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      log.debug("{} did not answer", node, e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static URI uri(Node node) {
    return URI.create(
        "http://" + HostAndPort.fromParts(node.host(), node.httpPort()) + "/node/status");
  }

  @Override
  public void close() {
    threads.shutdownNow();
    http.shutdownNow();
  }
}
