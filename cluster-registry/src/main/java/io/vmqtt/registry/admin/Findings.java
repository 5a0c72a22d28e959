package io.vmqtt.registry.admin;

import io.vmqtt.cluster.operation.GatewayProspect;
import io.vmqtt.cluster.operation.MatchingRoutes;
import io.vmqtt.cluster.operation.SessionProspect;
import io.vmqtt.model.Quotas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes have said of a message that somebody asks about.
 *
 * @param from who would publish it; null: an operator
 * @param quotas of the namespace
 * @param publisher the connection of {@code from}; null: there is none
 * @param router the id of the router that its gateway gives it to; null: it has none
 * @param routes what that says; null: nothing
 * @param shard of the client id of {@code to}
 * @param store the id of its leader; null: nobody leads it who answers
 * @param session what that says; null: nothing
 * @param receiver the connection of {@code to}; null: there is none
 * @param gateway the id of the gateway that has, or had, the session; null: that is no more
 * @param missing gateways that did not answer
 */
record Findings(
    String topic,
    String namespace,
    @Nullable String from,
    String to,
    int qos,
    boolean retain,
    Quotas quotas,
    @Nullable Connected publisher,
    @Nullable String router,
    @Nullable MatchingRoutes routes,
    int shard,
    @Nullable String store,
    @Nullable SessionProspect session,
    @Nullable Connected receiver,
    @Nullable String gateway,
    List<Missing> missing) {

  /** A connection, and the id of its gateway. */
  record Connected(String gateway, GatewayProspect.OfConnection prospect) {}
}
