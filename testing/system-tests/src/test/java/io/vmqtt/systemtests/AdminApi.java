package io.vmqtt.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.testkit.net.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The API for operators, as one of them uses it.
 *
 * @param authorization as HTTP has it; null: nothing is said
 */
public record AdminApi(Address http, @Nullable String authorization) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration LONG_PATIENCE = Duration.ofMinutes(2);

  /** An answer. */
  public record Answer(int status, JsonNode body) {}

  /** As somebody with a password. */
  public static AdminApi as(Address http, String name, String password) {
    return new AdminApi(
        http,
        "Basic "
            + Base64.getEncoder()
                .encodeToString((name + ':' + password).getBytes(StandardCharsets.UTF_8)));
  }

  /** For a path or a query. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** GET, which has to be answered with 200. */
  public JsonNode get(String path) {
    Answer answer = ask("GET", path, null);
    if (answer.status() != 200) {
      throw new AssertionError(path + ": " + answer);
    }
    return answer.body();
  }

  /**
   * Asks.
   *
   * @param path behind {@code /api/v1}
   * @param body JSON; null: none
   */
  public Answer ask(String method, String path, @Nullable String body) {
    return follow(null, method, path, body);
  }

  /**
   * Asks for what is to follow a version of something.
   *
   * @param tag that of the version; null: none is said
   * @param path behind {@code /api/v1}
   * @param body JSON; null: none
   */
  public Answer follow(@Nullable String tag, String method, String path, @Nullable String body) {
    HttpRequest.Builder request = request(path, PATIENCE);
    request
        .header("Content-Type", "application/json")
        .method(
            method,
            body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body));
    if (tag != null) {
      request.header("If-Match", tag);
    }
    try {
      HttpResponse<String> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Lines of an answer as they come, which does not end by itself; to be closed. */
  public Stream<String> lines(String path) {
    try {
      HttpResponse<Stream<String>> response =
          CLIENT.send(request(path, LONG_PATIENCE).build(), HttpResponse.BodyHandlers.ofLines());
      if (response.statusCode() != 200) {
        throw new AssertionError(path + ": " + response.statusCode());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What is no JSON, and has to be answered with 200. */
  public byte[] download(String path) {
    HttpResponse<byte[]> response = downloaded(path);
    if (response.statusCode() != 200) {
      throw new AssertionError(path + ": " + response.statusCode());
    }
    return response.body();
  }

  /** The status of the same, whose content nobody looks at. */
  public int statusOfDownload(String path) {
    return downloaded(path).statusCode();
  }

  private HttpResponse<byte[]> downloaded(String path) {
    try {
      return CLIENT.send(
          request(path, LONG_PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder request(String path, Duration patience) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + http + "/api/v1" + path)).timeout(patience);
    return authorization == null ? request : request.header("Authorization", authorization);
  }
}
