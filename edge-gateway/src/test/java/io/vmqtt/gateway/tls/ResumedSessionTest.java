package io.vmqtt.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.transport.TransportHead;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions that a client takes up again, which spares both the look at its certificate. */
class ResumedSessionTest {
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Signed SERVER = AUTHORITY.sign("broker");
  private static final Signed CLIENT = AUTHORITY.sign("client");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SSLContext client = AUTHORITY.client(CLIENT);
  private Instant now = Instant.now();

  private ListenerTls tls(SslProvider provider, Path folder) throws IOException {
    TlsConfig config =
        new TlsConfig(
            SERVER.certificateTo(folder.resolve("certificate")),
            SERVER.keyTo(folder.resolve("key")),
            null,
            ClientCertificates.REQUIRED,
            AUTHORITY.certificateTo(folder.resolve("ca")),
            null);
    return new ListenerTls(
        "plant", config, "mqtt", new TlsProvider(provider), () -> now, new ExpiryGauges(registry));
  }

  private TlsHead head(ListenerTls tls) {
    return new TlsHead(
        TransportHead.TCP,
        tls,
        new Handshakes(2, registry),
        new HandshakeMetrics(registry, "plant"),
        10_000,
        () -> {});
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL_REFCNT, TLSv1.3", "OPENSSL_REFCNT, TLSv1.2", "JDK, TLSv1.3", "JDK, TLSv1.2"})
  void session_takenUpAgain_notWithACertificateThatHasExpired(
      SslProvider provider, String version, @TempDir Path folder) throws IOException {
    TlsHead head = head(tls(provider, folder));
    long begun = connect(head, version, true);
    assertEquals(begun, connect(head, version, true), "it is taken up again");

    now = now.plus(Duration.ofDays(100));

    connect(head, version, false);
    assertEquals(
        1,
        registry
            .get("vmqtt.gateway.tls.handshakes.failed")
            .tag("reason", "client-certificate")
            .counter()
            .count());
  }

  /** What BoringSSL would allow for days in TLS 1.3; also where the files cannot be read. */
  @ParameterizedTest
  @CsvSource({"OPENSSL_REFCNT, TLSv1.3", "OPENSSL_REFCNT, TLSv1.2", "JDK, TLSv1.3", "JDK, TLSv1.2"})
  void session_olderThanAnHour_isNotTakenUpAgain(
      SslProvider provider, String version, @TempDir Path folder) throws IOException {
    ListenerTls tls = tls(provider, folder);
    TlsHead head = head(tls);
    long begun = connect(head, version, true);
    now = now.plus(Duration.ofMinutes(59));
    tls.certificates().look();
    assertEquals(begun, connect(head, version, true), "it is taken up again");
    Files.delete(folder.resolve("certificate"));

    now = now.plus(Duration.ofMinutes(1));
    tls.certificates().look();

    long anew = connect(head, version, true);
    assertTrue(anew > begun, "it is taken up again");
    assertEquals(anew, connect(head, version, true), "what began then is");
    tls.certificates().close();
  }

  /** When the session began that it has, by the client. */
  private long connect(TlsHead head, String version, boolean isLetIn) {
    boolean[] through = {false};
    EmbeddedChannel server = new EmbeddedChannel();
    head.install(
        server.pipeline(), new ClientMemory(1 << 20, 1).ofLoop(0), () -> through[0] = true);
    SSLEngine engine = client.createSSLEngine("localhost", 1);
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {version});
    EmbeddedChannel here = new EmbeddedChannel(new SslHandler(engine));
    move(server, here);
    assertEquals(isLetIn, through[0]);
    assertEquals(isLetIn, server.isOpen());
    if (isLetIn) {
      server.writeOutbound(Unpooled.wrappedBuffer(new byte[1])); // BoringSSL's ticket comes with it
      move(server, here);
    }
    long begun = engine.getSession().getCreationTime();
    server.finishAndReleaseAll();
    here.finishAndReleaseAll();
    return begun;
  }

  /** Bytes in both directions, as long as there are any. */
  private static void move(EmbeddedChannel one, EmbeddedChannel other) {
    boolean moved;
    do {
      moved = pass(one, other);
      moved |= pass(other, one);
    } while (moved);
  }

  private static boolean pass(EmbeddedChannel from, EmbeddedChannel to) {
    boolean moved = false;
    for (ByteBuf out = from.readOutbound(); out != null; out = from.readOutbound()) {
      moved = true;
      if (to.isOpen()) {
        to.writeInbound(out);
      } else {
        out.release();
      }
    }
    return moved;
  }
}
