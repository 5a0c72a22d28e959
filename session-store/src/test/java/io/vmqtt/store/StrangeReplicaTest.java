package io.vmqtt.store;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.IdentityFiles;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.identity.ProvenRoles;
import io.vmqtt.cluster.identity.Refusals;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Three replicas, of which the last shows what the others do not believe. */
class StrangeReplicaTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final TestAuthority OURS = new TestAuthority("ours");
  private static final TestAuthority THEIRS = new TestAuthority("theirs");

  @TempDir private Path data;
  private final Logger log = (Logger) LoggerFactory.getLogger(Refusals.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final List<ProcessIdentity> identities = new ArrayList<>();
  private Path stranger;

  @BeforeEach
  void listen() {
    stranger = data.resolve("store-2");
    said.start();
    log.addAppender(said);
  }

  @AfterEach
  void end() {
    log.detachAppender(said);
    identities.forEach(ProcessIdentity::close);
  }

  /** All believe the one authority, and the stranger has a certificate of another. */
  private @Nullable ProcessIdentity identity(Path store) throws IOException {
    boolean strange = store.equals(stranger);
    Signed shown =
        (strange ? THEIRS : OURS)
            .signUris(strange ? "stranger" : "friend", ProvenRoles.uri(Role.SESSION_STORE));
    Path folder = Files.createDirectories(data.resolve("of-" + store.getFileName()));
    ProcessIdentity identity =
        new ProcessIdentity(
            Role.SESSION_STORE,
            new IdentityFiles(
                shown.certificateTo(folder.resolve("own.pem")),
                shown.keyTo(folder.resolve("own.key")),
                null,
                OURS.certificateTo(folder.resolve("ca.pem"))),
            InstantSource.system(),
            new SimpleMeterRegistry());
    identities.add(identity);
    return identity;
  }

  private void awaitLine(String begins, String has) {
    await(begins + " ... " + has)
        .atMost(PATIENCE)
        .until(
            () ->
                List.copyOf(said.list).stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .anyMatch(line -> line.startsWith(begins) && line.contains(has)));
  }

  @Test
  void call_byAReplicaWithAnotherCertificate_isRefusedAndBothSaySo() throws Exception {
    try (StoreCluster cluster = new StoreCluster(data, 20_000, this::identity)) {
      cluster.leader();
      int ofFriend = cluster.raftPort(data.resolve("store-0"));

      awaitLine(
          "refused by the Raft of session-store at 127.0.0.1:" + ofFriend,
          "to which it shows a certificate of session-store (CN=stranger): ");
      awaitLine(
          "refuses a caller: a certificate of session-store was expected, one of session-store"
              + " (CN=stranger) came; it is not good",
          "");
    }
  }

  @Test
  void call_toAReplicaWithAnotherCertificate_isRefusedAndBothSaySo() throws Exception {
    try (StoreCluster cluster = new StoreCluster(data, 20_000, this::identity)) {
      cluster.leader();

      awaitLine(
          "refuses what is at 127.0.0.1:" + cluster.raftPort(stranger),
          "one of session-store (CN=stranger) came; it is not good");
      awaitLine("refused by the caller of Raft at 127.0.0.1", "");
    }
  }

  @Test
  void call_withoutTlsWhereOthersSpeakIt_isRefusedAndBothSaySo() throws Exception {
    try (StoreCluster cluster =
        new StoreCluster(data, 20_000, store -> store.equals(stranger) ? null : identity(store))) {
      cluster.leader();
      int ofFriend = cluster.raftPort(data.resolve("store-0"));

      awaitLine(
          "the Raft of session-store at 127.0.0.1:" + ofFriend,
          " closed the connection before it said a word: if it wants TLS");
      awaitLine("refuses the caller of Raft at 127.0.0.1", "one without TLS came");
    }
  }
}
