package io.vmqtt.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a process over HTTP. */
public final class HttpProbe {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int OK = 200;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

  private HttpProbe() {}

  /** Whether {@code GET} answers 200; no answer at all is a no. */
  public static boolean isOk(Address address, String path) {
    try {
      return send(address, path).statusCode() == OK;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /**
   * The body that {@code GET} answers with.
   *
   * @throws UncheckedIOException if there is no answer, or one that is not 200
   */
  public static String get(Address address, String path) {
    HttpResponse<String> response = send(address, path);
    if (response.statusCode() != OK) {
      throw new UncheckedIOException(
          new IOException(
              "http://"
                  + address
                  + path
                  + " answers "
                  + response.statusCode()
                  + ": "
                  + response.body()));
    }
    return response.body();
  }

  private static HttpResponse<String> send(Address address, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + path)).timeout(TIMEOUT).build();
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + address, e);
    }
  }
}
