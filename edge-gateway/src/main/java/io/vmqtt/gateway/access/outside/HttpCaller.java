package io.vmqtt.gateway.access.outside;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Calls somebody outside by HTTP. Redirections are not followed: they might lead elsewhere what is
 * not for everybody. Whom it believes can change meanwhile.
 */
public final class HttpCaller implements AutoCloseable {
  private final Duration timeout;
  private final ExecutorService threads;
  private volatile HttpClient client;

  /**
   * One that believes those whom the JDK believes.
   *
   * @param name of its threads
   * @param timeout of a connection
   */
  public HttpCaller(String name, Duration timeout) {
    this.timeout = timeout;
    this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name).factory());
    this.client = client(null);
  }

  private HttpClient client(byte @Nullable [] authorities) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .executor(threads);
    if (authorities != null) {
      builder.sslContext(Authorities.tls(authorities));
    }
    return builder.build();
  }

  /**
   * From here on certificates of these authorities alone are good.
   *
   * @param pem certificates in PEM
   * @throws IllegalArgumentException if there are none
   */
  public void authorities(byte[] pem) {
    HttpClient before = client;
    client = client(pem);
    before.shutdown();
  }

  /** What is to be called with now. */
  public HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
