package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.ServerProcess;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients of TLS 1.2 that want another handshake on a connection that they have, again and again:
 * each costs the broker more than them.
 */
class RenegotiationIT {
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final int tlsPort = FreePorts.next();
  private final int httpPort = FreePorts.next();
  private @Nullable ServerProcess broker;

  private void start(String provider) {
    Signed server = AUTHORITY.sign("broker");
    Path certificate = server.certificateTo(folder.resolve("broker.pem"));
    Path key = server.keyTo(folder.resolve("broker.key"));
    ServerProcess started =
        ServerProcess.start(
            "standalone",
            List.of("env", "VMQTT_JAVA_OPTS=-Dvmqtt.tls=" + provider),
            List.of(
                "standalone",
                "--port",
                Integer.toString(FreePorts.next()),
                "--http-port",
                Integer.toString(httpPort),
                "--data",
                folder.resolve("data").toString(),
                "--http-tls",
                "SERVER",
                "--http-certificate",
                certificate.toString(),
                "--http-key",
                key.toString(),
                "--listeners",
                "tls=127.0.0.1:%d transport=tls certificate=%s key=%s"
                    .formatted(tlsPort, certificate, key)),
            folder.resolve("log"));
    broker = started;
    started.awaitReady("ready", () -> started.output().contains("ready"));
  }

  @AfterEach
  void end() {
    Objects.requireNonNull(broker).kill();
  }

  @ParameterizedTest
  @ValueSource(strings = {"best", "jdk"})
  void handshake_againOnTheSameConnection_isRefused(String provider) throws IOException {
    start(provider);

    assertRefused(httpPort); // the JDK's, whatever listeners have, and asked first
    assertRefused(tlsPort);
  }

  private static void assertRefused(int port) throws IOException {
    try (SSLSocket client =
        (SSLSocket)
            AUTHORITY
                .client(null)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout((int) PATIENCE.toMillis());
      client.setEnabledProtocols(new String[] {"TLSv1.2"});
      client.startHandshake();
      assertEquals("TLSv1.2", client.getSession().getProtocol());

      IOException refusal =
          assertThrows(
              IOException.class,
              () -> {
                client.startHandshake();
                if (client.getInputStream().read() < 0) {
                  throw new IOException("the end");
                }
              });

      assertFalse(refusal instanceof SocketTimeoutException, "it was carried out: " + port);
    }
  }
}
