package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gateways are added and stopped while clients publish and receive. */
class GatewaysComeAndGoIT {
  private static final int PAIRS = 6;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @RegisterExtension static final ClusterProcesses cluster = ClusterProcesses.of(2, 2, 3);
  @RegisterExtension final Clients clients = new Clients();

  private static long gatewaysInStatus(String health) {
    long count = 0;
    for (JsonNode node : cluster.status().path("nodes")) {
      if (node.path("role").asText().equals(Kind.GATEWAY.serviceName())
          && node.path("health").asText().equals(health)) {
        count++;
      }
    }
    return count;
  }

  @Test
  void addGateway_underLoad_appearsAndServes() throws Exception {
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      int before = cluster.all(Kind.GATEWAY).size();
      ClusterNode added = cluster.addGateway();
      cluster.awaitPassing(Kind.GATEWAY, before + 1);
      await().atMost(PATIENCE).until(() -> gatewaysInStatus("passing") == before + 1);

      String topic = Names.topic();
      RecordingClient subscriber = clients.connect(ClientLibrary.PAHO_5, added.mqtt());
      subscriber.subscribe(topic, 1);
      RecordingClient publisher = clients.connect(ClientLibrary.PAHO_3, cluster.gateway(0));
      publisher.publish(topic, "to the new one", 1);
      subscriber.inbox().awaitPayload("to the new one");
      RecordingClient other = clients.connect(ClientLibrary.HIVEMQ_3, cluster.gateway(1));
      other.subscribe(topic, 2);
      subscriber.publish(topic, "from the new one", 2);
      other.inbox().awaitPayload("from the new one");

      traffic.awaitMore(PAIRS * 20);
      traffic.finish();
      assertEquals(0, traffic.returns(), "nobody was disturbed");
    }
  }

  @Test
  void stopGateway_underLoad_costsItsClientsAReconnectAndNothingElse() throws Exception {
    ClusterNode leaving = cluster.all(Kind.GATEWAY).getFirst();
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      int before = cluster.all(Kind.GATEWAY).size();
      leaving.process().stop();
      cluster.awaitPassing(Kind.GATEWAY, before - 1);
      traffic.awaitMore(PAIRS * 20);
      traffic.finish();
      assertTrue(traffic.returns() > 0, "its clients went elsewhere");
    } finally {
      cluster.startAll();
    }
  }

  @Test
  void killGateway_underLoad_losesNothingThatWasAcknowledged() throws Exception {
    ClusterNode dying = cluster.all(Kind.GATEWAY).get(1);
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      dying.process().kill();
      traffic.awaitMore(PAIRS * 20);
      traffic.finish();
      assertTrue(traffic.returns() > 0, "its clients went elsewhere");
    } finally {
      cluster.startAll();
    }
  }

  /** Load balancers that go by Consul's DNS see it by the tag. */
  @Test
  void routersGo_gatewaysAreFoundStill_butNotAsReady() {
    int gateways = cluster.all(Kind.GATEWAY).size();
    await().atMost(PATIENCE).until(() -> gatewaysInConsul("?passing&tag=ready") == gateways);
    try {
      cluster.all(Kind.ROUTER).forEach(router -> router.process().kill());

      await().atMost(PATIENCE).until(() -> gatewaysInConsul("?passing&tag=ready") == 0);
      assertEquals(gateways, gatewaysInConsul("?passing"));
    } finally {
      cluster.startAll();
    }
    await().atMost(PATIENCE).until(() -> gatewaysInConsul("?passing&tag=ready") == gateways);
  }

  private static long gatewaysInConsul(String which) {
    String services =
        cluster.consul().get("/v1/health/service/" + Kind.GATEWAY.serviceName() + which);
    return services.split("\"node-id\"", -1).length - 1L;
  }

  /**
   * It had its message from the gateway, and the publisher its acknowledgement. What it
   * acknowledged just before may come again, at QoS 1.
   */
  @Test
  void killGateway_memberOfAShareGroupHasNotAcknowledged_anotherElsewhereGetsIt() throws Exception {
    ClusterNode dying = cluster.all(Kind.GATEWAY).get(1);
    String topic = Names.topic();
    String shared = "$share/group/" + topic;
    try (RawClient publisher =
            RawConnect.clean(5, Names.client("publisher")).open(cluster.gateway(0));
        RawClient other = RawConnect.clean(5, Names.client("other")).open(cluster.gateway(0));
        RawClient member = RawConnect.clean(5, Names.client("member")).open(dying.mqtt())) {
      member.subscribe(shared, 1);
      publisher.publish(topic, "acknowledged", 1);
      member.acknowledge(member.receive());
      publisher.publish(topic, "in hand", 1);
      member.receive();
      other.subscribe(shared, 1);

      dying.process().kill();

      String first = other.receivePayload();
      assertEquals("in hand", first.equals("acknowledged") ? other.receivePayload() : first);
      publisher.publish(topic, "afterwards", 1);
      assertEquals("afterwards", other.receivePayload());
    } finally {
      cluster.startAll();
    }
  }
}
