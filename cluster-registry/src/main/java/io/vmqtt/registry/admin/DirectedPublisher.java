package io.vmqtt.registry.admin;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.DirectedMessages;
import io.vmqtt.cluster.operation.DirectedMessages.Direction;
import io.vmqtt.cluster.operation.DirectedMessages.Outcome;
import io.vmqtt.cluster.operation.DirectedMessages.Outcomes;
import io.vmqtt.cluster.operation.DirectedMessages.What;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.Operation;
import io.vmqtt.cluster.operation.StoreOperations;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages that are each for one client: the stores, which know all sessions, put them into
 * queues; those whose sessions end with their connections get them by their gateways. Nothing is
 * sent again by itself; but while another store comes to lead a shard, both may do it.
 */
public final class DirectedPublisher {
  private final KnownNodes known;
  private final Nodes nodes;

  public DirectedPublisher(KnownNodes known, Nodes nodes) {
    this.known = known;
    this.nodes = nodes;
  }

  /** What became of each, in the order in which they are to go. */
  List<MessagesController.OfClient> deliver(DirectedMessages asked) throws InterruptedException {
    Map<Integer, Outcome> outcomes = new HashMap<>();
    ask(Role.SESSION_STORE, StoreOperations.DELIVER, asked, outcomes);
    List<Direction> atGateways =
        asked.to().stream().filter(one -> is(outcomes.get(one.id()), What.AT_GATEWAY)).toList();
    if (!atGateways.isEmpty()) {
      Map<Integer, Outcome> there = new HashMap<>();
      boolean all =
          ask(
              Role.EDGE_GATEWAY,
              GatewayOperations.DELIVER,
              new DirectedMessages(asked.namespace(), asked.messages(), atGateways),
              there);
      for (Direction one : atGateways) {
        Outcome outcome = there.get(one.id());
        if (outcome != null || all) {
          outcomes.put(one.id(), outcome == null ? new Outcome(one.id(), What.OFFLINE) : outcome);
        } else {
          outcomes.remove(one.id());
        }
      }
    }
    return asked.to().stream()
        .map(
            one -> {
              Outcome outcome = outcomes.get(one.id());
              return MessagesController.OfClient.of(
                  one.clientId(),
                  outcome == null ? "unanswered" : word(outcome.what()),
                  outcome == null ? 0 : outcome.reason());
            })
        .toList();
  }

  private static boolean is(@Nullable Outcome outcome, What what) {
    return outcome != null && outcome.what() == what;
  }

  private static String word(What what) {
    return what.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether all of them answered. While one connection takes over, both may. */
  private boolean ask(
      Role role,
      Operation<DirectedMessages, Outcomes> operation,
      DirectedMessages asked,
      Map<Integer, Outcome> outcomes)
      throws InterruptedException {
    Set<Node> all = known.ifAny(role);
    if (all.isEmpty()) {
      return false;
    }
    Map<Node, Said<Outcomes>> said = nodes.ask(all, operation, asked);
    for (Said<Outcomes> one : said.values()) {
      if (one instanceof Said.Answer<Outcomes>(Outcomes answer)) {
        answer
            .outcomes()
            .forEach(
                outcome ->
                    outcomes.merge(outcome.id(), outcome, (a, b) -> is(a, What.DELIVERED) ? a : b));
      }
    }
    return Missing.of(said).isEmpty();
  }
}
