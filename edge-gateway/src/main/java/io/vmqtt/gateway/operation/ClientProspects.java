package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.operation.ExplainQuery;
import io.vmqtt.cluster.operation.GatewayProspect;
import io.vmqtt.cluster.operation.SessionView;
import io.vmqtt.cluster.operation.SubscriptionMatch;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.connection.Prospect;
import io.vmqtt.gateway.transport.ConnectedClient;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Subscription;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What connected clients would do with a message, in the words of operators. */
final class ClientProspects {
  private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private ClientProspects() {}

  /** On the event loop of the client; null: it has just gone. */
  static GatewayProspect.@Nullable OfConnection of(
      ConnectedClient client, ExplainQuery query, long nowMillis) {
    Connection connection = client.connection();
    Prospect prospect = Prospect.of(connection);
    if (prospect == null) {
      return null;
    }
    Authorizer.Verdict verdict =
        prospect.mayPublish(
            new Message(
                query.topic(),
                NO_PAYLOAD,
                Qos.of(query.qos()),
                query.retain(),
                MessageProperties.NONE,
                0,
                0));
    int[] inFlight = {0};
    connection.unfinished(packetId -> inFlight[0]++);
    List<Subscription> own = prospect.subscriptions();
    return new GatewayProspect.OfConnection(
        Instant.ofEpochMilli(nowMillis - TimeUnit.NANOSECONDS.toMillis(client.connectedForNanos()))
            .toString(),
        verdict == null ? null : (Boolean) verdict.isGranted(),
        verdict == null ? null : verdict.rule(),
        prospect.mayReceive(query.topic()),
        own == null
            ? null
            : SubscriptionMatch.of(query.topic(), own.stream().map(ClientProspects::info).toList()),
        connection.agreed().window(),
        inFlight[0],
        prospect.takesMore(),
        client.waitingBytes());
  }

  private static SessionView.SubscriptionInfo info(Subscription one) {
    return new SessionView.SubscriptionInfo(
        one.filter().text(),
        one.options().maximumQos().value(),
        one.options().noLocal(),
        one.options().retainAsPublished(),
        one.identifier());
  }
}
