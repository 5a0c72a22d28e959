package io.vmqtt.cluster.consul;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.common.net.HostAndPort;
import io.vmqtt.cluster.discovery.ConsulAnnouncer;
import io.vmqtt.cluster.discovery.ServiceEntry;
import io.vmqtt.testkit.consul.ConsulProcess;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A real Consul with ACL, that wants to see certificates where it speaks TLS. */
class GuardedConsulTest {
  private static final TestAuthority AUTHORITY = new TestAuthority("consul");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String TOKEN = "7f0b8b7a-0a57-4d35-9d5c-5a1c4a3f8e11";

  private final List<ConsulProcess> started = new ArrayList<>();
  @TempDir private Path folder;
  private ConsulProcess process;
  private Path token;
  private Path authority;
  private Path certificate;
  private Path key;

  /** From now on all files are of that authority: the agent's, when it starts, and ours. */
  private void sign(TestAuthority by) {
    Signed server = by.sign("consul");
    Signed client = by.sign("client");
    authority = by.certificateTo(folder.resolve("ca.pem"));
    certificate = client.certificateTo(folder.resolve("client.pem"));
    key = client.keyTo(folder.resolve("client.key"));
    server.certificateTo(folder.resolve("server.pem"));
    server.keyTo(folder.resolve("server.key"));
  }

  @BeforeEach
  void start() throws IOException {
    sign(AUTHORITY);
    token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    Path configuration =
        Files.writeString(
            folder.resolve("consul.json"),
            """
            {"acl": {"enabled": true, "default_policy": "deny", "tokens": {"master": "%s", "agent": "%s"}},
             "verify_incoming_https": true, "ca_file": "%s", "cert_file": "%s", "key_file": "%s"}
            """
                .formatted(
                    TOKEN,
                    TOKEN,
                    authority,
                    folder.resolve("server.pem"),
                    folder.resolve("server.key")));
    process = ConsulProcess.startGuarded(new ConsulProcess.Guard(configuration, TOKEN));
    started.add(process);
  }

  @AfterEach
  void end() {
    started.forEach(ConsulProcess::close);
  }

  private Consul consul(@Nullable Path shown, @Nullable Path itsKey) throws IOException {
    return new Consul(
        HostAndPort.fromParts("127.0.0.1", process.securePort()),
        new ConsulAccess(token, authority, shown, itsKey));
  }

  @Test
  void ask_withTokenAndCertificates_isAnswered() throws IOException {
    try (Consul consul = consul(certificate, key)) {
      assertTrue(consul.ask(client -> client.setKVValue("a", "1")).getValue());

      new ConsulAnnouncer(consul)
          .announce(
              new ServiceEntry(
                  "gateway-1",
                  "edge-gateway",
                  "127.0.0.1",
                  1,
                  List.of("one"),
                  Map.of("k", "v"),
                  URI.create("http://127.0.0.1:1/health")));

      String services = process.get("/v1/agent/services");
      assertTrue(services.contains("gateway-1"), services);
      new ConsulAnnouncer(consul).withdraw("gateway-1");
      assertEquals("{}", process.get("/v1/agent/services").strip());
    }
  }

  @Test
  void ask_anotherTokenInTheFile_isShownFromThenOn() throws IOException {
    try (Consul consul = consul(certificate, key)) {
      Files.writeString(token, "11111111-2222-3333-4444-555555555555");
      assertEquals(
          403,
          assertThrows(
                  ConsulRefusalException.class,
                  () -> consul.ask(client -> client.setKVValue("a", "1")))
              .statusCode());

      Files.writeString(token, TOKEN);
      assertTrue(consul.ask(client -> client.setKVValue("a", "1")).getValue());
    }
  }

  @Test
  void ask_tokenIsRefused_isSaidOnceWithWhatConsulSays() throws IOException {
    Logger logger = (Logger) LoggerFactory.getLogger(Consul.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    Files.writeString(token, "11111111-2222-3333-4444-555555555555");
    try (Consul consul = consul(certificate, key)) {
      for (int i = 0; i < 3; i++) {
        assertThrows(
            ConsulRefusalException.class, () -> consul.ask(client -> client.getKVValue("a")));
      }

      assertTrue(consul.isReachable());
      assertEquals(
          List.of(
              "Consul at "
                  + consul.address()
                  + " refuses what this process asks: status 403: ACL not found"),
          logged.list.stream()
              .filter(event -> event.getLevel() == Level.WARN)
              .map(ILoggingEvent::getFormattedMessage)
              .toList());
    } finally {
      logger.detachAppender(logged);
    }
  }

  @Test
  void ask_withoutACertificate_isNotAnswered() throws IOException {
    try (Consul consul = consul(null, null)) {
      assertThrows(IOException.class, () -> consul.ask(client -> client.getKVValue("a")));
    }
  }

  @Test
  void ask_consulOfAnotherAuthority_isNotBelieved() throws IOException {
    new TestAuthority("another").certificateTo(authority);
    try (Consul consul = consul(certificate, key)) {
      assertThrows(IOException.class, () -> consul.ask(client -> client.getKVValue("a")));
    }
  }

  @Test
  void ask_consulHasAnotherAuthorityAndTheFilesToo_isAnsweredWithoutARestart() throws IOException {
    try (Consul consul = consul(certificate, key)) {
      assertTrue(consul.ask(client -> client.setKVValue("a", "1")).getValue());

      sign(new TestAuthority("another"));
      process.kill();
      process.startAgain();

      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> consul.ask(client -> client.setKVValue("a", "1")).getValue());
    }
  }

  /** An authority of tests is good for a day, what it signs for longer. */
  @Test
  void certificateSecondsLeft_whatIsShownAndBelieved_whicheverEndsFirst() throws IOException {
    try (Consul shows = consul(certificate, key);
        Consul open = new Consul(HostAndPort.fromString(process.address()))) {
      assertEquals(24, shows.certificateSecondsLeft().orElseThrow() / 3600, 1);
      assertTrue(open.certificateSecondsLeft().isEmpty());
    }
    Instant soon = Instant.now().plus(Duration.ofHours(5));
    Signed ending = AUTHORITY.sign("client", "localhost", soon);
    try (Consul shows = consul(ending.certificateTo(certificate), ending.keyTo(key))) {
      assertEquals(5, shows.certificateSecondsLeft().orElseThrow() / 3600, 1);
    }
  }

  @Test
  void start_filesOfNoUse_areNamed() throws IOException {
    Files.writeString(token, "\n");
    assertComplains(token + ": no token in its first line");
    Files.write(token, new byte[] {(byte) 0xFF});
    assertComplains(token + ": cannot be read as text");
    Files.delete(token);
    assertComplains(token + ": there is no such file");
    Files.writeString(authority, "");
    assertComplains(authority + ": no certificate in PEM");
  }

  private void assertComplains(String complaint) {
    assertEquals(
        complaint,
        assertThrows(IOException.class, () -> consul(certificate, key).close()).getMessage());
  }
}
