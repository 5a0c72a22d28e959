package io.vmqtt.cluster.consul;

import io.vmqtt.cluster.tls.CertificateWatch;
import io.vmqtt.cluster.tls.LiveCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.http.HttpHost;
import org.apache.http.conn.socket.LayeredConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * TLS to Consul, by files that it follows: a question that begins goes by what they have then, and
 * one that Consul holds goes on. Nothing of a session outlives a change of them. Safe from any
 * thread.
 */
final class ConsulTls implements LayeredConnectionSocketFactory, AutoCloseable {
  private final LiveCertificates<Context> live;
  private final CertificateWatch watch = new CertificateWatch();

  private record Context(LayeredConnectionSocketFactory sockets, Instant notAfter) {}

  private ConsulTls(LiveCertificates<Context> live) {
    this.live = live;
    watch.add(live);
  }

  /**
   * TLS as the files say.
   *
   * @return null: there is none
   * @throws IOException if they are of no use; the message names one
   */
  static @Nullable ConsulTls of(ConsulAccess access, InstantSource clock) throws IOException {
    return access.tlsFiles().isEmpty()
        ? null
        : new ConsulTls(
            new LiveCertificates<>(
                "TLS to Consul",
                access.tlsFiles(),
                files ->
                    new Context(
                        new SSLConnectionSocketFactory(access.tls(files)), access.notAfter(files)),
                Context::notAfter,
                gone -> {},
                clock));
  }

  /** How long what is believed and shown is good; negative: since when it is not. */
  double secondsLeft() {
    return live.secondsLeft();
  }

  private LayeredConnectionSocketFactory sockets() {
    return live.current().sockets();
  }

  @Override
  public Socket createSocket(HttpContext context) throws IOException {
    return sockets().createSocket(context);
  }

  @Override
  public Socket connectSocket(
      int connectTimeoutMillis,
      Socket socket,
      HttpHost host,
      InetSocketAddress remote,
      @Nullable InetSocketAddress local,
      HttpContext context)
      throws IOException {
    return sockets().connectSocket(connectTimeoutMillis, socket, host, remote, local, context);
  }

  @Override
  public Socket createLayeredSocket(Socket socket, String target, int port, HttpContext context)
      throws IOException {
    return sockets().createLayeredSocket(socket, target, port, context);
  }

  @Override
  public void close() {
    watch.close();
  }
}
