package io.vmqtt.registry.admin;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.Download;
import io.vmqtt.cluster.operation.Operation;
import io.vmqtt.cluster.operation.OperationRefusal;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Nodes that are all in this process. */
public final class LocalNodesAsked implements Nodes {
  /** For all of those that are asked at once. */
  private static final long PATIENCE_SECONDS = 10;

  private final Function<Node, Answers> answers;

  /**
   * @param answers of each node; {@link Answers#NONE} where it is not here
   */
  public LocalNodesAsked(Function<Node, Answers> answers) {
    this.answers = answers;
  }

  @Override
  public <Q, A> Map<Node, Said<A>> ask(
      Collection<Node> nodes, Operation<Q, A> operation, Q question) throws InterruptedException {
    Map<Node, CompletableFuture<A>> asked = new HashMap<>();
    for (Node node : nodes) {
      asked.put(node, begun(node, operation, question));
    }
    long begun = System.nanoTime();
    Map<Node, Said<A>> said = new HashMap<>();
    for (Map.Entry<Node, CompletableFuture<A>> one : asked.entrySet()) {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS) - (System.nanoTime() - begun);
      said.put(one.getKey(), said(one.getValue(), Math.max(0, left)));
    }
    return said;
  }

  private <Q, A> CompletableFuture<A> begun(Node node, Operation<Q, A> operation, Q question) {
    try {
      return answers.apply(node).ask(operation, question);
    } catch (RuntimeException e) { // as from another process: it is the answer of that node
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public <Q> InputStream open(Node node, Download<Q> download, Q question, Duration patience)
      throws InterruptedException {
    try {
      return answers.apply(node).open(download, question);
    } catch (OperationRefusal e) {
      throw Problem.conflict(node.id() + ": " + e.getMessage());
    } catch (IOException e) {
      throw Problem.unavailable(node.id() + ": " + e);
    }
  }

  private static <A> Said<A> said(CompletableFuture<A> answer, long patienceNanos)
      throws InterruptedException {
    try {
      return new Said.Answer<>(answer.get(patienceNanos, TimeUnit.NANOSECONDS));
    } catch (ExecutionException e) {
      return e.getCause() instanceof OperationRefusal refusal
          ? new Said.Refused<>(String.valueOf(refusal.getMessage()))
          : new Said.Nothing<>(String.valueOf(e.getCause()));
    } catch (TimeoutException _) {
      return new Said.Nothing<>("no answer within " + PATIENCE_SECONDS + " s");
    }
  }
}
