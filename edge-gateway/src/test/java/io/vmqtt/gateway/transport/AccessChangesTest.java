package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.ProtocolVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the connections of an event loop hear that what they may do has changed. */
class AccessChangesTest {
  private static final int CLIENTS = 10;

  private final GatewayHarness gateway = new GatewayHarness();
  private final List<Identity> told = new ArrayList<>();
  private long nanos;

  /** Each connection takes a part of the time that there is for all of them in one run. */
  private final FakeAccess access =
      new FakeAccess() {
        @Override
        public Authorizer forIdentity(Identity who) {
          told.add(who);
          nanos += EventLoopConnections.TELLING_NANOS / 3 + 1;
          return super.forIdentity(who);
        }
      };

  private final EventLoopConnections siblings =
      new EventLoopConnections(gateway.lane(), new ConnectionLog(false), () -> nanos);

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void accessChanged_manyConnections_noRunTakesLongAndAllAreTold() {
    var _ = gateway.router();
    List<PipelineClient> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      PipelineClient client = new PipelineClient(gateway, siblings, access);
      clients.add(client);
      client.send(PipelineClient.connect(ProtocolVersion.V5).clientId("c" + i).build());
      gateway.runUntil(() -> !client.read().isEmpty());
    }
    told.clear();

    siblings.accessChanged();
    assertEquals(3, told.size(), "in one run");
    gateway.loop.runAll();

    assertEquals(CLIENTS, told.size());
    clients.forEach(PipelineClient::close);
  }
}
