package io.vmqtt.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.ssl.SslProvider;
import io.vmqtt.cluster.tls.LiveCertificates;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The files of one listener, as they change. */
class ListenerTlsTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Signed SHORT = AUTHORITY.sign("a", "localhost", START.plusSeconds(100));
  private static final Signed LONG =
      AUTHORITY.sign("a", "localhost", START.plus(Duration.ofDays(40)));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Logger log = (Logger) LoggerFactory.getLogger(LiveCertificates.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private Instant now = START;

  @TempDir private Path folder;
  private Path certificate;
  private Path key;

  @BeforeEach
  void begin() {
    certificate = LONG.certificateTo(folder.resolve("certificate.pem"));
    key = LONG.keyTo(folder.resolve("key.pem"));
    said.start();
    log.addAppender(said);
  }

  @AfterEach
  void end() {
    log.detachAppender(said);
  }

  @Test
  void look_newFiles_areTakenOver() throws IOException {
    ListenerTls tls = listener();
    assertEquals(Duration.ofDays(40).toSeconds(), secondsLeft());

    SHORT.certificateTo(certificate);
    SHORT.keyTo(key);
    tls.certificates().look();

    assertEquals(100, secondsLeft());
    tls.certificates().close();
  }

  @Test
  void look_brokenFiles_whatWasThereStaysWithOneWarning() throws IOException {
    ListenerTls tls = listener();

    SHORT.certificateTo(certificate);
    tls.certificates().look();
    tls.certificates().look();
    assertEquals(
        List.of(
            "listener plant keeps the certificates that it has: "
                + key
                + ": not the key of "
                + certificate),
        warnings());

    Files.delete(key);
    tls.certificates().look();
    tls.certificates().look();
    assertEquals(
        "listener plant keeps the certificates that it has: " + key + ": there is no such file",
        warnings().getLast());
    assertEquals(2, warnings().size());
    assertEquals(Duration.ofDays(40).toSeconds(), secondsLeft());

    SHORT.keyTo(key);
    tls.certificates().look();
    assertEquals(100, secondsLeft());
    tls.certificates().close();
  }

  /** Whoever replaced the files of a listener by others may delete them at once. */
  @Test
  void look_nobodyNewComes_filesThatAreGoneAreNoFault() throws IOException {
    ListenerTls tls = listener();
    tls.retire();

    Files.delete(certificate);
    Files.delete(key);
    tls.certificates().look();

    assertEquals(List.of(), warnings());
    assertTrue(registry.getMeters().isEmpty(), "it is still measured");
    tls.certificates().close();
  }

  @Test
  void look_lessThanThirtyDays_warnsOnceADay() throws IOException {
    ListenerTls tls = listener();
    now = START.plus(Duration.ofDays(10));
    tls.certificates().look();
    assertEquals(List.of(), warnings());

    now = now.plusSeconds(1);
    tls.certificates().look();
    tls.certificates().look();
    assertEquals(1, warnings().size());
    now = now.plus(Duration.ofDays(1)).plusSeconds(1);
    tls.certificates().look();
    assertEquals(2, warnings().size());
    assertEquals(
        "the certificate of listener plant expires at "
            + LONG.certificate().getNotAfter().toInstant(),
        warnings().getLast());

    now = START.plus(Duration.ofDays(41));
    tls.certificates().look();
    assertEquals(
        "the certificate of listener plant has expired at "
            + LONG.certificate().getNotAfter().toInstant(),
        warnings().getLast());
    assertEquals(-Duration.ofDays(1).toSeconds(), secondsLeft());
    tls.certificates().close();
  }

  @Test
  void start_filesThatAreOfNoUse_namesTheFile() throws IOException {
    SHORT.keyTo(key);
    assertComplains(key + ": not the key of " + certificate);
    Files.writeString(key, "");
    assertComplains(key + ": no private key in PEM");
    Files.writeString(certificate, "");
    assertComplains(certificate + ": no certificate in PEM");
    Files.delete(certificate);
    assertComplains(certificate + ": there is no such file");
  }

  private void assertComplains(String complaint) {
    assertEquals(complaint, assertThrows(IOException.class, this::listener).getMessage());
  }

  private ListenerTls listener() throws IOException {
    return new ListenerTls(
        "plant",
        new TlsConfig(certificate, key, null, ClientCertificates.NONE, null, null),
        "mqtt",
        new TlsProvider(SslProvider.JDK),
        () -> now,
        new ExpiryGauges(registry));
  }

  private long secondsLeft() {
    return (long)
        registry
            .get("vmqtt.gateway.tls.certificate.seconds")
            .tag("listener", "plant")
            .gauge()
            .value();
  }

  private List<String> warnings() {
    return said.list.stream()
        .filter(event -> event.getLevel().levelStr.equals("WARN"))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
