package io.vmqtt.gateway.access.http;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.HttpCaller;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Users whom somebody knows who is asked by HTTP: 200 and 204 let a client in, 401 and 403 do not,
 * 404 does not know it. It is asked about everybody, also about who names no user. Redirections are
 * not followed: they might lead the passwords elsewhere.
 */
public final class HttpUsers implements AuthenticationMethod, AutoCloseable {
  static final int MOST_BODY_BYTES = 64 << 10;
  private static final int OK = 200;
  private static final int SERVER_ERRORS = 500;

  private final URI uri;
  private final Outsider outsider;
  private volatile RequestBody body = RequestBody.read(RequestBody.STANDARD);
  private volatile List<String> headers = List.of();
  private final HttpCaller caller;

  /** Asked at an address, with everything that is known of a client. */
  public HttpUsers(URI uri, Duration timeout, Outsider outsider) {
    this.uri = uri;
    this.outsider = outsider;
    this.caller = new HttpCaller("http-users", timeout);
  }

  /**
   * From here on this is sent: JSON with variables in its texts.
   *
   * @throws IllegalArgumentException if it cannot be
   */
  public void body(String json) {
    body = RequestBody.read(json);
  }

  /**
   * From here on these are sent, too: lines {@code NAME: VALUE}; empty ones, and those that begin
   * with {@code #}, are for people.
   *
   * @throws IllegalArgumentException if one cannot be; the message, without it, says which
   */
  public void headers(String text) {
    headers = RequestHeaders.read(text);
  }

  /**
   * From here on certificates of these authorities alone are good.
   *
   * @param pem certificates in PEM
   * @throws IllegalArgumentException if there are none
   */
  public void authorities(byte[] pem) {
    caller.authorities(pem);
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
    return outsider.ask(credentials, () -> asked(credentials));
  }

  private Optional<Authentication> asked(Credentials credentials)
      throws IOException, InterruptedException, StrangeAnswerException {
    RequestBody sent = body;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(sent.of(credentials)));
    List<String> more = headers;
    if (!more.isEmpty()) {
      request.headers(more.toArray(String[]::new));
    }
    HttpResponse<InputStream> response = caller.client().send(request.build(), HttpUsers::body);
    int status = response.statusCode();
    try (InputStream said = response.body()) {
      return switch (status) {
        case OK, 204 -> ResponseBody.read(bounded(said), credentials, sent.hasUserName());
        case 401, 403 -> Optional.of(Authentication.Refused.unproven(credentials));
        case 404 -> Optional.empty();
        default -> {
          if (status >= SERVER_ERRORS) {
            throw new IOException("status " + status);
          }
          throw new StrangeAnswerException("answers with status " + status);
        }
      };
    }
  }

  /** That of a 200 alone means anything. */
  private static BodySubscriber<InputStream> body(HttpResponse.ResponseInfo answer) {
    return answer.statusCode() == OK
        ? BodySubscribers.ofInputStream()
        : BodySubscribers.replacing(InputStream.nullInputStream());
  }

  private static byte[] bounded(InputStream said) throws IOException, StrangeAnswerException {
    byte[] body = said.readNBytes(MOST_BODY_BYTES + 1);
    if (body.length > MOST_BODY_BYTES) {
      throw new StrangeAnswerException("answers with a body that is too long");
    }
    return body;
  }

  @Override
  public void close() {
    caller.close();
  }
}
