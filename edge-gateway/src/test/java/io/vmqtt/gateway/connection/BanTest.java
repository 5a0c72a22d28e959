package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.bans.Guard;
import io.vmqtt.gateway.access.bans.GuardedAccess;
import io.vmqtt.gateway.access.bans.HoldOffs;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.model.ReasonCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Bans of a client that connects, and of one that is there. */
class BanTest {
  private final LiveBans bans = LiveBans.none();
  private final FakeAccess access = new FakeAccess();
  private final TestClient client =
      new TestClient(new GuardedAccess(new Guard(bans, HoldOffs.never()), access));

  private void ban(String clientId) {
    bans.follow(
        new Bans(1, List.of(new Ban(Banned.of("client-id", clientId), null, "", "", null, null))));
  }

  @Test
  void connect_banned_isRefused() {
    ban("client");

    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    assertEquals(List.of("CONNACK 8a", "closed"), client.output.take());
    assertTrue(client.connection.isClosed());
  }

  @Test
  void connect_bannedWhileItProvesWhoItIs_isRefused() {
    CompletableFuture<Authentication> later = new CompletableFuture<>();
    access.answerConnect(later);
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    ban("client");
    client.connection.bansChanged();
    assertEquals(List.of(), client.output.take());

    later.complete(
        new Authentication.Accepted(
            access.credentials.getFirst().identity(access.credentials.getFirst().namespace())));
    client.cluster.run();

    assertEquals(List.of("CONNACK 8a", "closed"), client.output.take());
    assertEquals(ReasonCode.BANNED, client.connection.endReason());
  }

  @Test
  void bansChanged_clientThatIsThere_isToldAndItsConnectionEnds() {
    var _ =
        TestClient.connected(
            client, TestClient.connect(ProtocolVersion.V5), new FakeSession.Transient());
    ban("another");
    client.connection.bansChanged();
    assertEquals(List.of(), client.output.take());

    ban("client");
    client.connection.bansChanged();

    assertEquals(List.of("DISCONNECT 8a", "closed"), client.output.take());
  }

  @Test
  void bansChanged_clientOfMqtt3_isClosed() {
    var _ =
        TestClient.connected(
            client, TestClient.connect(ProtocolVersion.V3), new FakeSession.Transient());

    ban("client");
    client.connection.bansChanged();

    assertEquals(List.of("closed"), client.output.take());
  }

  @Test
  void bansChanged_whileItsShardIsAsked_isRefused() {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    ban("client");
    client.connection.bansChanged();

    assertEquals(List.of("CONNACK 8a", "closed"), client.output.take());
  }
}
