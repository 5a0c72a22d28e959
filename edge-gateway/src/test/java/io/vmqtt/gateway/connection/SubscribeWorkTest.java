package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Access control whose answers are dear: no turn of the loop asks it for long. */
class SubscribeWorkTest {
  private static final int FILTERS = 100;
  private static final int MOST_IN_A_TURN = 2;

  private final Dear access = new Dear();
  private final TestClient client = new TestClient(access);

  /** Each question about a subscription costs a thousand steps. */
  private static final class Dear extends FakeAccess {
    private long work;

    @Override
    public long work() {
      return work;
    }

    @Override
    public CompletableFuture<Permission> authorizeSubscribe(Identity who, Subscription wanted) {
      work += 1_000;
      return super.authorizeSubscribe(who, wanted);
    }
  }

  private void connected(FakeSession session) {
    var _ = TestClient.connected(client, TestClient.connect(ProtocolVersion.V5), session);
  }

  private void subscribeToMany() {
    client.connection.subscribe(
        7,
        IntStream.range(0, FILTERS)
            .mapToObj(
                i -> new RequestedSubscription("+/" + i, SubscriptionOptions.of(Qos.AT_LEAST_ONCE)))
            .toList(),
        0);
  }

  /** The most questions that one turn has asked. */
  private int turns() {
    int most = 0;
    int before = access.asked.size();
    while (client.cluster.runNext()) {
      most = Math.max(most, access.asked.size() - before);
      before = access.asked.size();
    }
    return most;
  }

  private static String subAck(String reason) {
    return "SUBACK 7 " + Collections.nCopies(FILTERS, reason);
  }

  @Test
  void subscribe_manyDearFilters_aPartInEachTurnAndOneAnswer() {
    connected(new FakeSession.Transient());

    subscribeToMany();
    assertEquals(MOST_IN_A_TURN, access.asked.size());
    assertTrue(client.connection.isWaiting(), "what comes behind it waits");
    assertEquals(List.of(), client.output.take());

    assertEquals(MOST_IN_A_TURN, turns());
    assertEquals(FILTERS, access.asked.size());
    assertEquals(List.of(subAck("01")), client.output.take());
    assertEquals(FILTERS, client.session.filters.size());
  }

  @Test
  void subscribe_rulesChangeOnTheWay_allIsJudgedByTheNewOnes() {
    connected(new FakeSession.Transient());
    subscribeToMany();

    access.now(FakeAccess.How.DENIES);
    client.connection.accessChanged();
    client.cluster.run();

    assertEquals(List.of(subAck("87")), client.output.take());
    assertTrue(client.session.filters.isEmpty());
  }

  @Test
  void subscribe_clientLeavesOnTheWay_nothingMoreIsAsked() {
    connected(new FakeSession.Transient());
    subscribeToMany();

    client.connection.end(ReasonCode.KEEP_ALIVE_TIMEOUT);
    client.cluster.run();

    assertEquals(MOST_IN_A_TURN, access.asked.size());
    assertTrue(client.session.filters.isEmpty());
  }

  @Test
  void accessChanged_manySubscriptions_aPartInEachTurn() {
    connected(new FakeSession.Transient());
    subscribeToMany();
    client.cluster.run();
    access.asked.clear();

    access.now(FakeAccess.How.DENIES);
    client.connection.accessChanged();
    assertEquals(MOST_IN_A_TURN, access.asked.size());

    assertEquals(MOST_IN_A_TURN, turns());
    assertTrue(client.session.filters.isEmpty());
  }

  @Test
  void accessChanged_subscriptionsAreToldInParts_allAreJudged() {
    FakeSession session = new FakeSession.Transient();
    connected(session);
    subscribeToMany();
    client.cluster.run();
    session.toldAtOnce = FILTERS / 3;

    access.now(FakeAccess.How.DENIES);
    client.connection.accessChanged();
    client.cluster.run();

    assertTrue(client.session.filters.isEmpty());
  }

  @Test
  void accessChanged_againOnTheWay_theFirstLookEnds() {
    connected(new FakeSession.Transient());
    subscribeToMany();
    client.cluster.run();
    access.asked.clear();

    client.connection.accessChanged();
    client.connection.accessChanged();
    client.cluster.run();

    List<String> asked = new ArrayList<>(access.asked);
    assertEquals(FILTERS + MOST_IN_A_TURN, asked.size());
    assertEquals(FILTERS, client.session.filters.size());
  }
}
