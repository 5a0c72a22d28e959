package io.vmqtt.registry.admin;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.operation.Download;
import io.vmqtt.cluster.operation.Operation;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Asks nodes of the cluster, wherever they are. Safe from any thread. */
public interface Nodes {

  /**
   * What each of them says, or why it says nothing; all are asked at the same time, and none is
   * waited for beyond a limit.
   *
   * @throws InterruptedException if the calling thread is asked to stop
   */
  <Q, A> Map<Node, Said<A>> ask(Collection<Node> nodes, Operation<Q, A> operation, Q question)
      throws InterruptedException;

  /**
   * Something large of one of them, as it comes; whoever reads it closes it.
   *
   * @param patience until it begins
   * @throws Problem if it does not
   * @throws InterruptedException if the calling thread is asked to stop
   */
  <Q> InputStream open(Node node, Download<Q> download, Q question, Duration patience)
      throws InterruptedException;

  /**
   * What one of them says.
   *
   * @throws Problem if it says nothing, or no
   */
  default <Q, A> A ask(Node node, Operation<Q, A> operation, Q question)
      throws InterruptedException {
    return switch (ask(List.of(node), operation, question)
        .getOrDefault(node, new Said.Nothing<>("it was not asked"))) {
      case Said.Answer<A>(A answer) -> answer;
      case Said.Nothing<A>(String why) -> throw Problem.unavailable(node.id() + ": " + why);
      case Said.Refused<A>(String why) -> throw Problem.conflict(node.id() + ": " + why);
    };
  }
}
