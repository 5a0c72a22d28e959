package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A cluster with a Consul that denies what is not allowed, and wants to see certificates: each
 * process has a token with the policy that the documentation prints, and nothing more.
 */
class GuardedConsulIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int BANNED = 0x8A;
  private static final int FORBIDDEN = 403;
  private static final String HELD_OFF = "/v1/kv/vmqtt/cluster/held-off?raw";
  private static final String SHARD_MAP = "/v1/kv/vmqtt/cluster/shard-map";

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 1, 2)
          .withGuardedConsul(ConsulPolicies::of)
          .withGatewayOptions(
              "--hold-off-client-connects", "20", "--hold-off-except", "192.0.2.0/24");

  @RegisterExtension final Clients clients = new Clients();

  private static Stream<ClusterNode> nodes() {
    return Stream.of(Kind.values()).flatMap(kind -> cluster.all(kind).stream());
  }

  private static boolean hasSaid(ClusterNode node, String words) {
    return node.process().output().stream().anyMatch(line -> line.contains(words));
  }

  private static int connect(int gateway, String clientId) {
    try (RawConnection connection = RawConnection.open(cluster.gateway(gateway))) {
      return connection.send(RawConnect.clean(5, clientId).encoded()).read().reasonCode();
    }
  }

  /** Each kind of process does all that it does through Consul; a gateway writes there, too. */
  @Test
  void documentedPolicies_areEnoughForAllThatProcessesDo() throws Exception {
    try (Traffic traffic = new Traffic(cluster, clients, 1)) {
      traffic.beginToListen();
      traffic.awaitProgressOfAll();
      traffic.finish();
    }
    await().atMost(PATIENCE).until(() -> connect(0, "restless") == BANNED);
    await().atMost(PATIENCE).until(() -> connect(1, "restless") == BANNED);
    assertTrue(cluster.consul().get(HELD_OFF).length() > 0);
    nodes()
        .forEach(
            node -> {
              assertFalse(hasSaid(node, "refuses what this process asks"), node.name());
              assertTrue(
                  HttpProbe.get(node.http(), "/prometheus")
                      .contains("vmqtt_consul_certificate_seconds"),
                  node.name());
            });
  }

  /** What they do not need they may not: who has a gateway's token cannot move data. */
  @Test
  void documentedPolicy_ofAGateway_doesNotLetItWriteTheShardMap() throws Exception {
    String before = cluster.consul().get(SHARD_MAP + "?raw");
    String token =
        cluster.guardedConsul().token("another-gateway", ConsulPolicies.of(Kind.GATEWAY));
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest write =
          HttpRequest.newBuilder(URI.create("http://" + cluster.consul().address() + SHARD_MAP))
              .header("X-Consul-Token", token)
              .PUT(BodyPublishers.ofString("{}"))
              .build();

      assertEquals(FORBIDDEN, client.send(write, BodyHandlers.ofString()).statusCode());
    }
    assertEquals(before, cluster.consul().get(SHARD_MAP + "?raw"));
  }
}
