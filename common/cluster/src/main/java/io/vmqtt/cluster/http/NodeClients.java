package io.vmqtt.cluster.http;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.identity.Refusals;
import io.vmqtt.cluster.identity.WrongPeerException;
import io.vmqtt.cluster.tls.CertificateWatch;
import io.vmqtt.cluster.tls.LiveCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes over HTTP. Of those that speak TLS it believes who proves the role of the node by the
 * certificates of the cluster; or, where an authority is named for that, whoever that has signed
 * for the node's host. Safe from any thread.
 */
public final class NodeClients implements AutoCloseable {
  private final Duration timeout;
  private final @Nullable ProcessIdentity identity;
  private final @Nullable LiveCertificates<X509TrustManager> authority;
  private final Refusals refusals;
  private final CertificateWatch watch = new CertificateWatch();
  private final HttpClient plain;
  private final Map<Role, HttpClient> secure = new EnumMap<>(Role.class);

  /**
   * @param timeout for each question
   * @param identity what this process shows nodes, and knows them by; null: nothing
   * @param authority who signs the certificates that nodes show for HTTP; null: that of the cluster
   * @throws IOException if that is of no use; the message names it
   */
  public NodeClients(Duration timeout, @Nullable ProcessIdentity identity, @Nullable Path authority)
      throws IOException {
    this.timeout = timeout;
    this.identity = identity;
    this.refusals = identity == null ? new Refusals() : identity.refusals();
    this.authority = authority == null ? null : live(authority);
    this.plain = HttpClient.newBuilder().connectTimeout(timeout).build();
  }

  private LiveCertificates<X509TrustManager> live(Path file) throws IOException {
    LiveCertificates<X509TrustManager> certificates =
        new LiveCertificates<>(
            "HTTP of other processes",
            List.of(file),
            contents -> contents.trustManager(List.of(file)),
            trust -> Instant.MAX,
            gone -> {},
            InstantSource.system());
    watch.add(certificates);
    return certificates;
  }

  /**
   * What a node answers to GET.
   *
   * @param path with the leading slash
   * @throws IOException if it gives no answer, or is not believed
   */
  public HttpResponse<String> get(Node node, String path) throws IOException, InterruptedException {
    return send(node, request(node, path).build(), HttpResponse.BodyHandlers.ofString());
  }

  /**
   * What a node answers to POST.
   *
   * @param path with the leading slash
   * @param json what is sent
   * @param proof that this process may ask that
   * @throws IOException if it gives no answer, or is not believed
   */
  public HttpResponse<byte[]> post(Node node, String path, byte[] json, String proof)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(node, path)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + proof)
            .POST(HttpRequest.BodyPublishers.ofByteArray(json))
            .build();
    return send(node, request, HttpResponse.BodyHandlers.ofByteArray());
  }

  /**
   * The same where the answer is large: it is read as it comes, and whoever reads it closes it.
   *
   * @param patience until it begins
   * @throws IOException if it gives no answer, or is not believed
   */
  public HttpResponse<InputStream> open(
      Node node, String path, byte[] json, String proof, Duration patience)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(node, path)
            .timeout(patience)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + proof)
            .POST(HttpRequest.BodyPublishers.ofByteArray(json))
            .build();
    return send(node, request, HttpResponse.BodyHandlers.ofInputStream());
  }

  private HttpRequest.Builder request(Node node, String path) {
    return HttpRequest.newBuilder(node.http(path)).timeout(timeout);
  }

  private <T> HttpResponse<T> send(
      Node node, HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    try {
      return client(node).send(request, handler);
    } catch (SSLException e) {
      if (!WrongPeerException.isBehind(e)) {
        refusals.say(
            "HTTP of " + node.role().serviceName() + " at " + where(node) + ": " + e.getMessage());
      }
      throw e;
    }
  }

  private static String where(Node node) {
    return node.host() + ':' + node.httpPort();
  }

  private HttpClient client(Node node) throws SSLException {
    return node.speaksTls() ? secure(node.role()) : plain;
  }

  private HttpClient secure(Role role) throws SSLException {
    synchronized (secure) {
      HttpClient known = secure.get(role);
      if (known == null) {
        known =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .sslContext(tls(role))
                .build();
        secure.put(role, known);
      }
      return known;
    }
  }

  private SSLContext tls(Role role) throws SSLException {
    ProcessIdentity shown = identity;
    LiveCertificates<X509TrustManager> named = authority;
    TrustManager trust;
    if (named != null) {
      trust = new LiveTrust(named);
    } else if (shown != null) {
      trust = shown.trust(Set.of(role));
    } else {
      throw new SSLException(
          "it speaks TLS: this process needs --cluster-certificate, or --node-http-ca");
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          shown == null ? null : new KeyManager[] {shown.own()}, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new SSLException("no TLS for HTTP", e);
    }
  }

  @Override
  public void close() {
    watch.close();
    plain.shutdownNow();
    synchronized (secure) {
      secure.values().forEach(HttpClient::shutdownNow);
    }
  }

  /** What the authority of the moment says; that the host is the right one, the JDK looks at. */
  private record LiveTrust(LiveCertificates<X509TrustManager> authority)
      implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      authority.current().checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      authority.current().checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return authority.current().getAcceptedIssuers();
    }
  }
}
