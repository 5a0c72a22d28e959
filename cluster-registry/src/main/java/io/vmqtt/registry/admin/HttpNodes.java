package io.vmqtt.registry.admin;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.http.NodeClients;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.Download;
import io.vmqtt.cluster.operation.Operation;
import io.vmqtt.cluster.operation.OperationKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Nodes in processes of their own, asked by {@code POST /node/operations/NAME}. */
public final class HttpNodes implements Nodes, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpNodes.class);
  private static final String PATH = "/node/operations/";
  private static final int OK = 200;
  private static final int CONFLICT = 409;

  /** For all of a question, the wait for a turn included. */
  private static final long PATIENCE_SECONDS = 12;

  private static final int LONGEST_COMPLAINT = 200;

  private final NodeClients clients;
  private final Supplier<@Nullable OperationKey> key;
  private final ExecutorService threads;
  private final ScheduledExecutorService stalls = timer();

  /**
   * @param clients are closed with this
   * @param key of the cluster; null while it is not known
   * @param parallelism how many nodes are asked at once; further ones wait
   */
  public HttpNodes(NodeClients clients, Supplier<@Nullable OperationKey> key, int parallelism) {
    this.clients = clients;
    this.key = key;
    this.threads =
        Executors.newFixedThreadPool(
            parallelism, Thread.ofVirtual().name("node-operations-", 0).factory());
  }

  /** Each read of a download schedules its end, and cancels that: none of it is to stay. */
  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("stalled-downloads").factory());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  @Override
  public <Q, A> Map<Node, Said<A>> ask(
      Collection<Node> nodes, Operation<Q, A> operation, Q question) throws InterruptedException {
    byte[] body = Answers.write(question);
    List<Node> asked = List.copyOf(nodes);
    List<Callable<Said<A>>> questions = new ArrayList<>(asked.size());
    for (Node node : asked) {
      questions.add(() -> ask(node, operation, body));
    }
    List<Future<Said<A>>> answers =
        threads.invokeAll(questions, PATIENCE_SECONDS, TimeUnit.SECONDS);
    Map<Node, Said<A>> byNode = new HashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      Future<Said<A>> answer = answers.get(i);
      byNode.put(
          asked.get(i),
          answer.state() == Future.State.SUCCESS
              ? answer.resultNow()
              : new Said.Nothing<>("it was not asked in time: others are slow"));
    }
    return byNode;
  }

  private <A> Said<A> ask(Node node, Operation<?, A> operation, byte[] question) {
    OperationKey known = key.get();
    if (known == null) {
      return new Said.Nothing<>("the cluster has no key for operations yet");
    }
    try {
      HttpResponse<byte[]> response =
          clients.post(node, PATH + operation.name(), question, known.proofFor(node.id()));
      if (response.statusCode() != OK) {
        String said = text(response.body());
        return response.statusCode() == CONFLICT
            ? new Said.Refused<>(said)
            : new Said.Nothing<>(complaint(response.statusCode(), said));
      }
      return new Said.Answer<>(Answers.read(operation, response.body()));
    } catch (IOException | RuntimeException e) {
      log.debug("{} did not answer", node, e);
      return new Said.Nothing<>(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Said.Nothing<>("this process stops");
    }
  }

  @Override
  public <Q> InputStream open(Node node, Download<Q> download, Q question, Duration patience)
      throws InterruptedException {
    OperationKey known = key.get();
    if (known == null) {
      throw Problem.unavailable("the cluster has no key for operations yet");
    }
    try {
      HttpResponse<InputStream> response =
          clients.open(
              node,
              PATH + download.name(),
              Answers.write(question),
              known.proofFor(node.id()),
              patience);
      if (response.statusCode() == OK) {
        return new LimitedReads(response.body(), stalls);
      }
      try (InputStream body = response.body()) {
        String said = text(body.readNBytes(LONGEST_COMPLAINT));
        throw response.statusCode() == CONFLICT
            ? Problem.conflict(node.id() + ": " + said)
            : Problem.unavailable(node.id() + ": " + complaint(response.statusCode(), said));
      }
    } catch (IOException e) {
      log.debug("{} did not answer", node, e);
      throw Problem.unavailable(node.id() + ": " + e.getMessage());
    }
  }

  private static String complaint(int status, String said) {
    return "status " + status + (said.isEmpty() ? "" : ": " + said);
  }

  private static String text(byte[] body) {
    String said = new String(body, StandardCharsets.UTF_8).strip();
    return said.substring(0, Math.min(LONGEST_COMPLAINT, said.length()));
  }

  @Override
  public void close() {
    threads.shutdownNow();
    stalls.shutdownNow();
    clients.close();
  }
}
