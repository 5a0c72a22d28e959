package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmqtt.systemtests.AdminApi;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;

/**
 * A cluster with an operator of each role: root, anna, vera, and paul, who has one namespace alone.
 * Their password is the same.
 */
final class OperatedCluster {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String PASSWORD = "correct horse";

  /** Of the password. */
  private static final String HASH =
      "$argon2id$v=19$m=19456,t=2,p=1$+TOWfA25GS0jfzEjB2Bzcw"
          + "$ssffNWDmDSibvlhmcPcQluNg5+LL3GLayqvk3w/HOGg";

  private OperatedCluster() {}

  /** A file of them. */
  static Path operators() {
    return file(
        "root:admin::%s\nanna:operator::%s\nvera:viewer::%s\npaul:operator:plant:%s\n"
            .formatted(HASH, HASH, HASH, HASH));
  }

  /** One that says so. */
  static Path file(String text) {
    try {
      return Files.writeString(Files.createTempFile("vmqtt-operators-", ".txt"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Address registry(ClusterProcesses cluster) {
    return cluster.all(Kind.REGISTRY).getFirst().http();
  }

  static AdminApi as(ClusterProcesses cluster, String name) {
    return AdminApi.as(registry(cluster), name, PASSWORD);
  }

  /** It is in the log of the registry who did that. */
  static void awaitNoted(ClusterProcesses cluster, String line) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                cluster.all(Kind.REGISTRY).getFirst().process().output().stream()
                    .anyMatch(one -> one.contains(line)));
  }

  /** A payload as the API has it. */
  static String decoded(JsonNode payload) {
    return new String(Base64.getDecoder().decode(payload.asText()), StandardCharsets.UTF_8);
  }
}
