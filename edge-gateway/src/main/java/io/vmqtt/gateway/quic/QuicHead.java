package io.vmqtt.gateway.quic;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.tls.QuicTls;
import io.vmqtt.gateway.transport.TransportHead;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * MQTT on the streams of a connection of QUIC, of which the first carries CONNECT. The handshake,
 * and who may come, are matters of the connection; there is no stream before.
 */
public final class QuicHead implements TransportHead {
  private final QuicTls tls;
  private final Predicate<SocketAddress> mayEnter;
  private final Predicate<SocketAddress> mayStay;
  private final QuicMetrics metrics;

  /**
   * That of one listener.
   *
   * @param mayEnter whether whoever comes from there may
   * @param mayStay whether whoever is there may, who came from elsewhere
   */
  public QuicHead(
      String listener,
      QuicTls tls,
      Predicate<SocketAddress> mayEnter,
      Predicate<SocketAddress> mayStay,
      MeterRegistry registry) {
    this.tls = tls;
    this.mayEnter = mayEnter;
    this.mayStay = mayStay;
    this.metrics = new QuicMetrics(registry, listener);
  }

  /**
   * Makes sure that QUIC can be spoken here.
   *
   * @throws IOException if its native library cannot be loaded; the message says why
   */
  public static void requireLibrary() throws IOException {
    boolean isWanted = !System.getProperty("vmqtt.quic", "").equals("none");
    if (!isWanted || !Quic.isAvailable()) {
      throw new IOException(
          "transport=quic needs the native library of QUIC, which cannot be loaded: "
              + (isWanted ? reason(Quic.unavailabilityCause()) : "-Dvmqtt.quic=none"));
    }
  }

  /** The first cause: what is above it says that something is missing, in many lines. */
  private static String reason(@Nullable Throwable cause) {
    @Nullable Throwable first = cause;
    while (first != null && first.getCause() != null) {
      first = first.getCause();
    }
    return first == null
        ? "unknown"
        : String.valueOf(first.getMessage()).lines().findFirst().orElse("unknown");
  }

  /** Whether whoever comes from there may. */
  boolean mayEnter(InetSocketAddress from) {
    return mayEnter.test(from);
  }

  /** For one more connection. */
  QuicSslEngine newEngine(QuicChannel connection) {
    return tls.newEngine(connection.alloc());
  }

  QuicMetrics metrics() {
    return metrics;
  }

  /** What does one connection, on whose stream {@code speak} begins. */
  QuicConnection connection(Consumer<Channel> speak) {
    return new QuicConnection(tls, mayStay, metrics, speak);
  }

  @Override
  public void install(ChannelPipeline pipeline, LoopMemory memory, Runnable whatFollows) {
    pipeline.addLast(new StreamOutput());
    whatFollows.run();
  }

  @Override
  public Caller caller(Channel channel) {
    return QuicConnection.caller(channel, tls);
  }

  @Override
  public int heldBytes(Channel channel) {
    return 0;
  }

  @Override
  public boolean hasSeveral() {
    return true;
  }

  @Override
  public @Nullable Channel first(Channel channel) {
    return QuicConnection.first(channel);
  }

  @Override
  public boolean copies() {
    return false;
  }

  @Override
  public long waitingBytes(Channel channel) {
    StreamOutput output = StreamOutput.of(channel);
    return output == null ? 0 : output.waitingBytes();
  }

  @Override
  public long takenBytes(Channel channel) {
    StreamOutput output = StreamOutput.of(channel);
    return output == null ? 0 : output.takenBytes();
  }

  @Override
  public ChannelFuture end(ChannelHandlerContext context) {
    return TCP.end(context);
  }

  @Override
  public void retire() {
    tls.retire();
  }

  @Override
  public void letGo() {
    tls.letGo();
  }
}
