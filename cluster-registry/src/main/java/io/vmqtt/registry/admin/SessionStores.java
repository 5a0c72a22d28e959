package io.vmqtt.registry.admin;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.ClientName;
import io.vmqtt.cluster.operation.Operation;
import io.vmqtt.cluster.operation.SessionInfo;
import io.vmqtt.cluster.operation.SessionView;
import io.vmqtt.cluster.operation.StoreOperations;
import io.vmqtt.cluster.placement.Shards;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ScopedName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asks the stores about sessions: of each shard, whoever leads it answers. */
public final class SessionStores {
  private final KnownNodes known;
  private final Nodes nodes;

  /** Finds them among the nodes that are known. */
  public SessionStores(KnownNodes known, Nodes nodes) {
    this.known = known;
    this.nodes = nodes;
  }

  /** The shard of a client id. */
  int shardOf(ClientName client) {
    return Shards.shardOf(
        ScopedName.of(Namespace.of(client.namespace()), client.clientId()),
        known.shards().shardCount());
  }

  /**
   * What the leader of a client's shard says, in one round trip: all replicas are asked.
   *
   * @param leads whether an answer is the leader's
   * @throws Problem if nobody leads who answers
   */
  <Q, A> A ofLeader(ClientName client, Operation<Q, A> operation, Q question, Predicate<A> leads)
      throws InterruptedException {
    return answerOfLeader(client, operation, question, leads).getValue();
  }

  private <Q, A> Map.Entry<Node, A> answerOfLeader(
      ClientName client, Operation<Q, A> operation, Q question, Predicate<A> leads)
      throws InterruptedException {
    Map<Node, Said<A>> said = askReplicas(client, operation, question);
    Map.Entry<Node, A> answer = leading(said, leads);
    if (answer != null) {
      return answer;
    }
    for (Said<A> one : said.values()) {
      if (one instanceof Said.Refused<A>(String why)) {
        throw Problem.conflict(why);
      }
    }
    List<Missing> missing = Missing.of(said);
    throw Problem.unavailable(
        "nobody who answers leads shard "
            + shardOf(client)
            + (missing.isEmpty()
                ? ""
                : "; " + missing.getFirst().node() + ": " + missing.getFirst().why()));
  }

  /** The same with the leader; null: nobody leads who answers. */
  <Q, A> Map.@Nullable Entry<Node, A> answerOfLeaderIfAny(
      ClientName client, Operation<Q, A> operation, Q question, Predicate<A> leads)
      throws InterruptedException {
    return leading(askReplicas(client, operation, question), leads);
  }

  private <Q, A> Map<Node, Said<A>> askReplicas(
      ClientName client, Operation<Q, A> operation, Q question) throws InterruptedException {
    return nodes.ask(known.replicasOf(shardOf(client)), operation, question);
  }

  private static <A> Map.@Nullable Entry<Node, A> leading(
      Map<Node, Said<A>> said, Predicate<A> leads) {
    for (Map.Entry<Node, Said<A>> one : said.entrySet()) {
      if (one.getValue() instanceof Said.Answer<A>(A answer) && leads.test(answer)) {
        return Map.entry(one.getKey(), answer);
      }
    }
    return null;
  }

  /**
   * What is known of a session.
   *
   * @param leader who leads its shard
   */
  record Found(Node leader, SessionView view) {}

  /** What there is of a session. */
  Found find(ClientName client) throws InterruptedException {
    Map.Entry<Node, SessionView> answer =
        answerOfLeader(client, StoreOperations.SESSION, client, SessionView::leads);
    return new Found(answer.getKey(), answer.getValue());
  }

  /** Where a session is. */
  ClientLocation location(SessionInfo session, Node leader) {
    return new ClientLocation(
        session.namespace(),
        session.clientId(),
        session.shard(),
        leader.id(),
        session.attached(),
        gateway(session.gateway()),
        session.epoch());
  }

  private @Nullable String gateway(String process) {
    return known.gatewaysIfAny().stream()
        .filter(node -> process.equals(node.meta().get(Node.PROCESS)))
        .map(Node::id)
        .findFirst()
        .orElse(null);
  }

  /** Asks all stores. */
  <Q, A> Map<Node, Said<A>> all(Operation<Q, A> operation, Q question) throws InterruptedException {
    return nodes.ask(known.of(Role.SESSION_STORE), operation, question);
  }

  /** Stores that did not answer, and shards for which nobody has. */
  <A> List<Missing> missing(Map<Node, Said<A>> said, Collection<Integer> answered) {
    List<Missing> missing = new ArrayList<>(Missing.of(said));
    Set<Integer> silent = new TreeSet<>();
    for (int shard = 0; shard < known.shards().shardCount(); shard++) {
      silent.add(shard);
    }
    silent.removeAll(answered);
    for (int shard : silent) {
      missing.add(
          new Missing(
              "shard " + shard, Role.SESSION_STORE.serviceName(), "nobody who answers leads it"));
    }
    return missing;
  }
}
