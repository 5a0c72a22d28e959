package io.vmqtt.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslProvider;
import io.vmqtt.gateway.codec.MeasuredBuffers;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.transport.TransportHead;
import io.vmqtt.testkit.fuzz.Arrivals;
import io.vmqtt.testkit.fuzz.Fuzz;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Records that nobody should send before a handshake is over: they are answered as far as TLS goes,
 * or refused, and nobody behind TLS hears of them.
 */
class RecordFuzzTest {
  private static final int INPUTS = 600;
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Signed SERVER = AUTHORITY.sign("broker");
  private static final int HANDSHAKE = 0x16;
  private static final int ALERT = 0x15;

  /** With a name, and the protocol mqtt, of TLS 1.3 and 1.2. */
  private static final List<byte[]> HELLOS =
      Stream.of(
              "16030100ec010000e803039e24558b9457190a020f873530526ba468a5c25971338d73a6"
                  + "d7d8d774e7064e20cf0552e43ce5c8d98131780525b44ae89d0d1c00b649905771a36e66"
                  + "768f2be8000813021303130100ff0100009700000013001100000e62726f6b65722e6578"
                  + "616d706c65000b000403000102000a00040002001d00230000001000070005046d717474"
                  + "0016000000170000000d001e001c040305030603080708080809080a080b080408050806"
                  + "040105010601002b0003020304002d00020101003300260024001d0020ce3cc94d55f187"
                  + "cc4b96ba933bf3ca6efd03cae138e3ebdcc73d24b1ca606210",
              "16030100a7010000a3030376d96c03dd15abe67780b98194f225b78dca8cd749f086ac38"
                  + "ab1e82a4a3589f000006c02bc02f00ff0100007400000013001100000e62726f6b65722e"
                  + "6578616d706c65000b000403000102000a000c000a001d0017001e001900180023000000"
                  + "1000070005046d7174740016000000170000000d002a0028040305030603080708080809"
                  + "080a080b080408050806040105010601030303010302040205020602")
          .map(HexFormat.of()::parseHex)
          .toList();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Handshakes handshakes = new Handshakes(2, registry);

  /** What is made of each arrival before it is read: a fault, where one is planted. */
  private UnaryOperator<byte[]> heard = UnaryOperator.identity();

  /** What the client hears first, 0 for nothing, and whether it goes on. */
  private record Outcome(int answer, boolean isOpen) {}

  private TlsHead head(SslProvider provider, Path folder) throws IOException {
    Path authority = folder.resolve("ca");
    AUTHORITY.certificateTo(authority);
    TlsConfig config =
        new TlsConfig(
            SERVER.certificateTo(folder.resolve("certificate")),
            SERVER.keyTo(folder.resolve("key")),
            null,
            ClientCertificates.REQUIRED,
            authority,
            null);
    ListenerTls tls =
        new ListenerTls(
            "plant",
            config,
            "mqtt",
            new TlsProvider(provider),
            InstantSource.system(),
            new ExpiryGauges(registry));
    return new TlsHead(
        TransportHead.TCP,
        tls,
        handshakes,
        new HandshakeMetrics(registry, "plant"),
        10_000,
        () -> {});
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "OPENSSL_REFCNT"})
  void hello_ofAnyBytes_isAnsweredOrRefused(SslProvider provider, @TempDir Path folder)
      throws IOException {
    TlsHead head = head(provider, folder);
    assertEquals(new Outcome(HANDSHAKE, true), outcome(head, List.of(HELLOS.getFirst())));
    hellos(provider).run(INPUTS, input -> check(head, input));
  }

  /** As one who takes a message for whole that has come in part. */
  @ParameterizedTest
  @EnumSource(names = {"JDK", "OPENSSL_REFCNT"})
  void hello_byWhomTheBeginningThatComesAloneIsLost_isFound(
      SslProvider provider, @TempDir Path folder) throws IOException {
    TlsHead head = head(provider, folder);
    heard = arrived -> arrived.length < 5 ? new byte[0] : arrived;
    assertTrue(hellos(provider).finds(INPUTS, input -> check(head, input)));
  }

  private static Fuzz hellos(SslProvider provider) {
    return Fuzz.of("tls-" + provider, HELLOS).mended(RecordFuzzTest::withRightLengths);
  }

  /** Of the record, and of the message in it. */
  private static byte[] withRightLengths(byte[] input) {
    byte[] mended = input.clone();
    if (mended.length >= 9 && mended.length < 1 << 14) {
      ByteBuffer.wrap(mended)
          .putShort(3, (short) (mended.length - 5))
          .putShort(7, (short) (mended.length - 9));
    }
    return mended;
  }

  private void check(TlsHead head, byte[] input) {
    Outcome whole = outcome(head, Arrivals.whole(input));
    assertTrue(
        whole.answer == 0 || whole.answer == HANDSHAKE || whole.answer == ALERT,
        () -> "says " + whole);
    Arrivals.inParts(input).stream()
        .skip(1) // byte by byte would take long
        .limit(1)
        .forEach(parts -> assertEquals(whole, outcome(head, parts)));
  }

  private Outcome outcome(TlsHead head, List<byte[]> parts) {
    MeasuredBuffers buffers = new MeasuredBuffers();
    LoopMemory memory = new ClientMemory(1 << 20, 1).ofLoop(0);
    EmbeddedChannel channel = buffers.channel();
    boolean[] through = {false};
    head.install(channel.pipeline(), memory, () -> through[0] = true);
    buffers.bring(channel, parts.stream().map(heard).toList());
    boolean isOpen = channel.isOpen();
    ByteBuf answer = channel.readOutbound();
    int first = answer == null ? 0 : answer.getUnsignedByte(answer.readerIndex());
    if (answer != null) {
      answer.release();
    }
    channel.checkException();
    channel.finishAndReleaseAll();
    buffers.assertAllReleased();
    assertFalse(through[0], "let through without a certificate");
    assertEquals(0, memory.bytes(), "what is gone is counted");
    assertEquals(0, registry.get("vmqtt.gateway.tls.handshakes.under.way").gauge().value());
    return new Outcome(first, isOpen);
  }
}
