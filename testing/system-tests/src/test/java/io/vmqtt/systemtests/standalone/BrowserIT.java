package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets, plain and over TLS, from a page in a browser: MQTT.js in Chromium. */
class BrowserIT {
  private static final Address WS = Address.local(FreePorts.next());
  private static final Address WSS = Address.local(FreePorts.next());
  private static final Signed SERVER = new TestAuthority("authority").sign("broker");
  private static final Path FOLDER = folder();
  private static final BrowserPage PAGE = new BrowserPage();

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--listeners",
          "ws=%s transport=ws allowed-origins=%s; wss=%s transport=wss certificate=%s key=%s"
              .formatted(
                  WS,
                  PAGE.origin("localhost"),
                  WSS,
                  SERVER.certificateTo(FOLDER.resolve("certificate.pem")),
                  SERVER.keyTo(FOLDER.resolve("key.pem"))));

  @TempDir private Path profile;

  private static Path folder() {
    try {
      return Files.createTempDirectory("browser");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void close() throws IOException {
    PAGE.close();
    for (String file : List.of("certificate.pem", "key.pem", "")) {
      Files.delete(FOLDER.resolve(file));
    }
  }

  @Test
  void page_ofAnAllowedOrigin_publishesAndReceivesWithEachVersion() throws Exception {
    assertEquals(
        said("3", "4", "5"),
        PAGE.open(profile, "localhost", url("ws", WS), "3,4,5", "page/plain/"));
  }

  /** The same page, but to a browser another origin. */
  @Test
  void page_ofAnotherOrigin_isRefused() throws Exception {
    assertFailed(PAGE.open(profile, "127.0.0.1", url("ws", WS), "5", "page/strange/"));
  }

  @Test
  void page_overTls_publishesAndReceives() throws Exception {
    assertEquals(
        said("4", "5"),
        PAGE.open(
            profile,
            "localhost",
            url("wss", WSS),
            "4,5",
            "page/secure/",
            "--ignore-certificate-errors-spki-list=" + pin()));
  }

  /** So the browser does look, and it is that key alone for which it lets the authority pass. */
  @Test
  void page_overTlsOfAnUnknownAuthority_isNotConnected() throws Exception {
    assertFailed(PAGE.open(profile, "localhost", url("wss", WSS), "5", "page/unknown/"));
  }

  private static List<String> said(String... versions) {
    return Stream.of(versions)
        .flatMap(
            version -> Stream.of(version + " 0 10", version + " 1 1000", version + " 2 200000"))
        .toList();
  }

  private static void assertFailed(List<String> said) {
    assertEquals(1, said.size(), said::toString);
    assertTrue(said.getFirst().startsWith("failed: "), said::toString);
  }

  private static String url(String scheme, Address at) {
    return scheme + "://localhost:" + at.port() + "/mqtt";
  }

  /** What Chromium calls the key of the broker by. */
  private static String pin() throws GeneralSecurityException {
    return Base64.getEncoder()
        .encodeToString(
            MessageDigest.getInstance("SHA-256")
                .digest(SERVER.certificate().getPublicKey().getEncoded()));
  }
}
