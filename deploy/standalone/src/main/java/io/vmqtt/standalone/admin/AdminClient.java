package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Asks the API of a cluster. */
final class AdminClient implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int FIRST_ERROR = 300;
  private static final int LONGEST_COMPLAINT = 10_000;
  private static final String EVENT = "event:";
  private static final String DATA = "data:";

  private final Target target;
  private final HttpClient http;
  private final String authorization;

  /**
   * One for a cluster.
   *
   * @throws IllegalArgumentException if a file that is named cannot be used
   */
  AdminClient(Target target) {
    this.target = target;
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(TIMEOUT);
    Path authority = target.authority();
    if (authority != null) {
      builder.sslContext(trusting(authority));
    }
    this.http = builder.build();
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (target.user() + ':' + target.password()).getBytes(StandardCharsets.UTF_8));
  }

  private static SSLContext trusting(Path authority) {
    try (InputStream in = Files.newInputStream(authority)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("--ca: " + authority + " cannot be used: " + e, e);
    }
  }

  /** A path with what stands behind it; what is null is left out. */
  static String path(String path, Map<String, ?> query) {
    String behind =
        query.entrySet().stream()
            .filter(one -> one.getValue() != null)
            .map(one -> one.getKey() + '=' + encoded(String.valueOf(one.getValue())))
            .collect(Collectors.joining("&"));
    return behind.isEmpty() ? path : path + '?' + behind;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * What is answered.
   *
   * @param path behind {@code /api/v1}
   * @param body what is sent, as JSON; null: nothing
   * @throws Refusal if it is a no, or nothing
   */
  JsonNode ask(String method, String path, @Nullable JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    }
    return read(request.build());
  }

  /**
   * What is answered where something is to follow a version that was seen.
   *
   * @param text what is sent, in YAML; null: nothing
   * @throws Refusal if it is a no, or nothing
   */
  JsonNode follow(long version, String method, String path, @Nullable String text)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher body =
        text == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(text);
    return read(
        request(path)
            .header("If-Match", "\"" + version + '"')
            .header("Content-Type", "application/yaml")
            .method(method, body)
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base() + "/api/v1" + path))
        .timeout(TIMEOUT)
        .header("Authorization", authorization)
        .header("Accept", "application/json");
  }

  private JsonNode read(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() >= FIRST_ERROR) {
      throw new Refusal(
          complaint(response, response.body()), Refusal.exitCodeOf(response.statusCode()));
    }
    return JSON.readTree(response.body());
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws InterruptedException, Refusal {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new Refusal(
          target.url() + " does not answer: " + (e.getMessage() == null ? e : e.getMessage()),
          Refusal.UNREACHABLE);
    }
  }

  /**
   * Writes what is answered to a file, which must not be there; of an answer that does not end
   * well, nothing is left. Where the file cannot be, nothing is asked.
   *
   * @param patience until it begins
   * @return its bytes
   * @throws IllegalArgumentException if the file is there, or cannot be
   * @throws Refusal if it is a no, or nothing
   */
  long download(String path, Path file, Duration patience)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base() + "/api/v1" + path))
            .timeout(patience)
            .header("Authorization", authorization)
            .build();
    OutputStream out = created(file);
    boolean complete = false;
    try (out) {
      long bytes = download(request, out);
      complete = true;
      return bytes;
    } finally {
      if (!complete) {
        Files.deleteIfExists(file);
      }
    }
  }

  private long download(HttpRequest request, OutputStream to)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response = send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() >= FIRST_ERROR) {
        throw new Refusal(
            complaint(response, body.readNBytes(LONGEST_COMPLAINT)),
            Refusal.exitCodeOf(response.statusCode()));
      }
      return body.transferTo(to);
    }
  }

  /** Hears events. */
  @FunctionalInterface
  interface Listener {
    /**
     * One has come.
     *
     * @return whether it wants to hear more
     */
    boolean hear(String name, JsonNode data);
  }

  /**
   * Has events told as they come, until the listener has enough of them, or the cluster ends that.
   *
   * @throws Refusal if it is a no, or nothing
   */
  void listen(String path, Listener listener) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base() + "/api/v1" + path))
            .timeout(TIMEOUT)
            .header("Authorization", authorization)
            .header("Accept", "text/event-stream, application/problem+json")
            .build();
    HttpResponse<InputStream> response = send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() >= FIRST_ERROR) {
        throw new Refusal(
            complaint(response, body.readNBytes(LONGEST_COMPLAINT)),
            Refusal.exitCodeOf(response.statusCode()));
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
      String name = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(EVENT)) {
          name = line.substring(EVENT.length()).strip();
        } else if (line.startsWith(DATA)
            && !listener.hear(name, JSON.readTree(line.substring(DATA.length())))) {
          return;
        }
      }
    }
  }

  /** For its owner alone: there may be secrets in it. */
  private static OutputStream created(Path file) {
    FileAttribute<?>[] rights =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      return Channels.newOutputStream(
          Files.newByteChannel(
              file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights));
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException("--to: " + file + " is there already", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("--to: " + file + " cannot be written: " + e, e);
    }
  }

  private String base() {
    String url = target.url().toString();
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private static String complaint(HttpResponse<?> response, byte[] body) {
    try {
      JsonNode detail = JSON.readTree(body).path("detail");
      if (detail.isTextual()) {
        return detail.asText();
      }
    } catch (IOException e) {
      // Not ours: the status is all that there is.
    }
    return "status " + response.statusCode() + " of " + response.uri().getPath();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
