package io.vmqtt.gateway.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.GatewayOptions;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the audit has of listeners that change while a gateway runs. */
class AuditedListenersTest extends ChangingListeners {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Path audit() {
    return folder.resolve("audit.json");
  }

  private Path file() {
    return folder.resolve("listeners.yaml");
  }

  private GatewayConfig config() {
    return GatewayOptions.config(
        OptionValues.of(
            Map.of(
                GatewayOptions.PORT,
                "0",
                option("listeners-file"),
                file().toString(),
                option("audit"),
                audit().toString())));
  }

  /** From what it is about on, without the facts that a gateway finds when it starts. */
  private List<String> changes(String of) throws IOException {
    return Files.readAllLines(audit()).stream()
        .filter(line -> line.contains("\"event\":\"change\",\"of\":\"" + of + '"'))
        .map(line -> line.substring(line.indexOf("\"of\"")))
        .toList();
  }

  private void awaitLast(String of, int count, String line) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertEquals(count, changes(of).size());
              assertEquals(line, changes(of).getLast());
            });
  }

  /** What each line ends with. */
  private String said(Path where) throws IOException {
    return ",\"file\":\""
        + where
        + "\",\"owner\":\""
        + Files.getOwner(where).getName()
        + "\",\"node\":\"another-gateway\"}";
  }

  @Test
  void listenersFile_changes_eachIsAuditedWithTheFileAndItsOwner() throws IOException {
    Files.writeString(file(), "{}");
    int port = FreePorts.next();
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        GatewayNode _ = node(config())) {
      assertEquals(List.of(), changes("listeners"));

      Files.writeString(file(), "one: {address: 127.0.0.1:" + port + "}");
      awaitLast("listeners", 1, "\"of\":\"listeners\",\"opened\":[\"one\"]" + said(file()));

      Files.writeString(
          file(),
          "one: {address: 127.0.0.1:%d, max-connections: 5}\ntwo: {address: 127.0.0.1:%d}"
              .formatted(port, other.getLocalPort()));
      await().atMost(PATIENCE).until(() -> changes("listeners").size() == 2);
      String second = changes("listeners").getLast();
      assertEquals(
          "\"of\":\"listeners\",\"changed\":[\"one\"],\"failed\":{\"two\":\"",
          second.substring(0, second.indexOf("listener two")));

      Files.writeString(file(), "{}");
      awaitLast("listeners", 3, "\"of\":\"listeners\",\"ended\":[\"one\"]" + said(file()));
    }
  }

  @Test
  void certificate_newFiles_areAuditedWithUntilWhenTheyAreGood() throws IOException {
    TlsConfig tls = tls("before");
    Path certificate = tls.certificates().getFirst().certificate();
    Files.writeString(
        file(),
        "plant: {address: '127.0.0.1:"
            + FreePorts.next()
            + "', transport: tls, certificate: "
            + certificate
            + ", key: "
            + tls.certificates().getFirst().key()
            + "}");
    Instant until = Instant.now().plus(Duration.ofDays(40)).truncatedTo(ChronoUnit.SECONDS);
    Signed next = AUTHORITY.sign("after", "localhost", until);
    try (GatewayNode _ = node(config())) {
      assertEquals(List.of(), changes("certificates"));

      next.certificateTo(certificate);
      next.keyTo(tls.certificates().getFirst().key());

      awaitLast(
          "certificates",
          1,
          "\"of\":\"certificates\",\"listener\":\"plant\",\"until\":\""
              + until
              + '"'
              + said(certificate));
    }
  }
}
