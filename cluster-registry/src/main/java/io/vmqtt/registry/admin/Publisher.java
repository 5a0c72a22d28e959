package io.vmqtt.registry.admin;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.Publication;
import java.util.List;

/** Publishes for operators, by any gateway. */
public final class Publisher {
  private final KnownNodes known;
  private final Nodes nodes;

  public Publisher(KnownNodes known, Nodes nodes) {
    this.known = known;
    this.nodes = nodes;
  }

  /**
   * Publishes; the answer comes when each has one.
   *
   * @return a reason code for each, as in PUBACK
   * @throws Problem if nobody knows whether they were published
   */
  List<Integer> publish(String namespace, List<Publication.OneMessage> messages)
      throws InterruptedException {
    Publication publication =
        Problem.inBadRequest("messages", () -> new Publication(namespace, messages));
    Node gateway = known.any(Role.EDGE_GATEWAY);
    Said<Publication.Outcomes> said =
        nodes
            .ask(List.of(gateway), GatewayOperations.PUBLISH, publication)
            .getOrDefault(gateway, new Said.Nothing<>("nobody was asked"));
    return switch (said) {
      case Said.Nothing<Publication.Outcomes>(String why) ->
          throw Problem.unavailable(
              "nobody knows whether they were published: " + gateway.id() + ": " + why);
      case Said.Refused<Publication.Outcomes>(String why) -> throw Problem.conflict(why);
      case Said.Answer<Publication.Outcomes>(Publication.Outcomes outcomes) -> outcomes.reasons();
    };
  }
}
