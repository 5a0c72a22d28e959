package io.vmqtt.registry.status;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.http.NodeClients;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks nodes over HTTP: several at once, none for longer than a moment. Safe from any thread;
 * whatever is asked at the same time shares the same few threads.
 */
public final class NodeQuestions implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeQuestions.class);

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final NodeClients clients;
  private final ExecutorService threads;

  /**
   * @param clients are closed with this
   * @param parallelism how many nodes are asked at once
   */
  public NodeQuestions(NodeClients clients, int parallelism) {
    this.clients = clients;
    this.threads =
        Executors.newFixedThreadPool(
            parallelism, Thread.ofVirtual().name("node-questions-", 0).factory());
  }

  /**
   * The answers of those nodes that gave one in time.
   *
   * @param path with the leading slash
   * @param idOf by whom an answer is: the port may have gone to another process since
   * @throws InterruptedException if the calling thread is asked to stop
   */
  public <T> Map<Node, T> ask(
      Collection<Node> nodes, String path, Class<T> answerType, Function<T, String> idOf)
      throws InterruptedException {
    List<Node> asked = List.copyOf(nodes);
    List<Callable<Optional<T>>> questions = new ArrayList<>(asked.size());
    for (Node node : asked) {
      questions.add(
          () -> ask(node, path, answerType).filter(answer -> node.id().equals(idOf.apply(answer))));
    }
    List<Future<Optional<T>>> answers = threads.invokeAll(questions);
    Map<Node, T> byNode = new HashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      Node node = asked.get(i);
      answers.get(i).resultNow().ifPresent(answer -> byNode.put(node, answer));
    }
    return byNode;
  }

  private <T> Optional<T> ask(Node node, String path, Class<T> answerType) {
    try {
      HttpResponse<String> response = clients.get(node, path);
      if (response.statusCode() != 200) {
        log.debug("{} answered {}", response.uri(), response.statusCode());
        return Optional.empty();
      }
      return Optional.of(JSON.readValue(response.body(), answerType));
    } catch (IOException | RuntimeException e) {
      log.debug("{} did not answer", node, e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    clients.close();
  }
}
