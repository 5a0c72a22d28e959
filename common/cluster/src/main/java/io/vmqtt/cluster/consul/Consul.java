package io.vmqtt.cluster.consul;

import com.ecwid.consul.ConsulException;
import com.ecwid.consul.v1.ConsulClient;
import com.ecwid.consul.v1.ConsulRawClient;
import com.ecwid.consul.v1.OperationException;
import com.google.common.net.HostAndPort;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.http.HttpRequest;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.impl.NoConnectionReuseStrategy;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Consul agent, as this process sees it. Safe from any thread.
 *
 * <p>Whether Consul answers, and whether it refuses the token, is noted on every question and
 * logged once when it changes: whoever asks needs to log nothing.
 */
public final class Consul implements AutoCloseable {
  /** The port Consul's HTTP interface has unless it is told otherwise. */
  public static final int DEFAULT_PORT = 8500;

  private static final Logger log = LoggerFactory.getLogger(Consul.class);

  /** How long Consul may hold a blocking query; then it answers what has not changed. */
  private static final Duration HOLD = Duration.ofSeconds(20);

  /** Consul adds up to a sixteenth to a hold; an answer later than this will not come. */
  private static final Duration HOLD_TIMEOUT = HOLD.plusSeconds(10);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration QUICK_TIMEOUT = Duration.ofSeconds(5);

  private static final String TOKEN = "X-Consul-Token";
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** Bounds the questions that are asked at the same time; more wait for their turn. */
  private static final int MAX_CONNECTIONS = 32;

  /** A session that ended; a Consul that has just started and does not know itself yet. */
  private static final List<String> SESSION_REFUSALS =
      List.of("invalid session", "Missing node registration", "Missing check");

  private enum Reachability {
    /** Nobody asked yet. */
    UNKNOWN,
    REACHABLE,
    UNREACHABLE,
    /** Closed on our side: what fails now says nothing about Consul. */
    CLOSED
  }

  private final HostAndPort address;
  private final CloseableHttpClient quickHttp;
  private final CloseableHttpClient holdingHttp;
  private final @Nullable ConsulTls tls;
  private final ConsulClient quick;
  private final ConsulClient holding;
  private final AtomicReference<Reachability> reachability =
      new AtomicReference<>(Reachability.UNKNOWN);
  private final TokenRefusals tokenRefusals = new TokenRefusals();

  /**
   * Connects only when something is asked.
   *
   * @param address where Consul's HTTP interface listens; {@link #DEFAULT_PORT} without a port
   * @param access how this process is let in, and knows Consul
   * @throws IOException if files of that are of no use; the message names one
   */
  public Consul(HostAndPort address, ConsulAccess access) throws IOException {
    this(address, access, ConsulTls.of(access, InstantSource.system()));
    try {
      var _ = access.currentToken();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** One that lets everybody in, in clear text. */
  public Consul(HostAndPort address) {
    this(address, ConsulAccess.OPEN, null);
  }

  private Consul(HostAndPort address, ConsulAccess access, @Nullable ConsulTls tls) {
    this.address = address.withDefaultPort(DEFAULT_PORT);
    this.tls = tls;
    String scheme = tls == null ? "http://" : "https://";
    this.quickHttp = http(QUICK_TIMEOUT, access, tls);
    this.holdingHttp = http(HOLD_TIMEOUT, access, tls);
    this.quick = client(scheme, this.address, quickHttp);
    this.holding = client(scheme, this.address, holdingHttp);
  }

  private static ConsulClient client(String scheme, HostAndPort address, CloseableHttpClient http) {
    HostAndPort hostOnly = HostAndPort.fromHost(address.getHost());
    return new ConsulClient(
        ConsulRawClient.Builder.builder()
            .setHost(scheme + hostOnly)
            .setPort(address.getPort())
            .setHttpClient(http)
            .build());
  }

  private static CloseableHttpClient http(
      Duration answerTimeout, ConsulAccess access, @Nullable ConsulTls tls) {
    return HttpClientBuilder.create()
        .setSSLSocketFactory(tls)
        .addInterceptorFirst(
            (HttpRequest request, HttpContext context) -> {
              String token = access.currentToken();
              if (token != null) {
                request.setHeader(TOKEN, token);
              }
            })
        // One that outlived a restart of Consul would look like another absence; questions are
        // rare.
        .setConnectionReuseStrategy(NoConnectionReuseStrategy.INSTANCE)
        .disableAutomaticRetries() // Who asks knows better, and it would log each.
        .setMaxConnTotal(MAX_CONNECTIONS)
        .setMaxConnPerRoute(MAX_CONNECTIONS)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setConnectionRequestTimeout((int) QUICK_TIMEOUT.toMillis())
                .setSocketTimeout((int) answerTimeout.toMillis())
                .build())
        .build();
  }

  public HostAndPort address() {
    return address;
  }

  /**
   * How many seconds what is shown to Consul, and believed of it, is good; negative: since when it
   * is not. Empty: in clear text.
   */
  public OptionalDouble certificateSecondsLeft() {
    return tls == null ? OptionalDouble.empty() : OptionalDouble.of(tls.secondsLeft());
  }

  /** Whether the last question was answered; true also before the first. */
  public boolean isReachable() {
    return reachability.get() != Reachability.UNREACHABLE;
  }

  /**
   * Asks Consul something that it answers at once.
   *
   * @throws IOException if it cannot be reached, cannot serve, or refuses
   */
  public <T> T ask(Function<ConsulClient, T> question) throws IOException {
    return ask(quick, question);
  }

  /**
   * Watches something by blocking queries: {@code listener} gets the present answer as soon as it
   * is known and a new one whenever Consul says that it may have changed; the same answer may come
   * twice. Runs until it is closed, through any absence of Consul.
   *
   * @param name names the watching thread
   * @param listener called by that one thread
   */
  public <T> Watch watch(String name, BlockingQuery<T> query, Consumer<? super T> listener) {
    Watch watch =
        new Watch(
            name, known -> ask(holding, client -> query.ask(client, known.params(HOLD))), listener);
    watch.start();
    return watch;
  }

  private <T> T ask(ConsulClient client, Function<ConsulClient, T> question) throws IOException {
    try {
      T answer = question.apply(client);
      noteReachable();
      noteLetIn();
      return answer;
    } catch (OperationException e) {
      if (isAbleToServe(e)) {
        noteReachable();
        noteRefusal(e);
      } else {
        noteUnreachable(e);
      }
      throw new ConsulRefusalException(address, e);
    } catch (ConsulException e) {
      noteUnreachable(e);
      throw new IOException("no answer from Consul at " + address, e);
    } catch (IllegalStateException e) {
      if (reachability.get() == Reachability.CLOSED) {
        throw new IOException("nobody asks Consul at " + address + " any more", e);
      }
      throw e;
    }
  }

  /** Consul answers 5xx where it has no leader, but also where it refuses a session. */
  private static boolean isAbleToServe(OperationException e) {
    return e.getStatusCode() < 500
        || SESSION_REFUSALS.stream().anyMatch(e.getStatusContent()::contains);
  }

  private void noteReachable() {
    if (reachability.compareAndSet(Reachability.UNREACHABLE, Reachability.REACHABLE)) {
      log.info("Consul at {} is reachable again", address);
    } else {
      reachability.compareAndSet(Reachability.UNKNOWN, Reachability.REACHABLE);
    }
  }

  private void noteLetIn() {
    if (tokenRefusals.answered(System.nanoTime())) {
      log.info("Consul at {} refuses nothing more", address);
    }
  }

  private void noteRefusal(OperationException e) {
    int status = e.getStatusCode();
    if ((status == UNAUTHORIZED || status == FORBIDDEN)
        && tokenRefusals.refused(System.nanoTime())) {
      log.warn(
          "Consul at {} refuses what this process asks: status {}: {}",
          address,
          status,
          e.getStatusContent().strip());
    }
  }

  /** What is behind what the library says. */
  private static Throwable reason(ConsulException failure) {
    Throwable reason = failure;
    while (reason instanceof ConsulException && reason.getCause() != null) {
      reason = reason.getCause();
    }
    return reason;
  }

  private void noteUnreachable(ConsulException e) {
    if (Thread.currentThread().isInterrupted()) {
      return; // It is our own side that ended the conversation.
    }
    if (reachability.compareAndSet(Reachability.REACHABLE, Reachability.UNREACHABLE)
        || reachability.compareAndSet(Reachability.UNKNOWN, Reachability.UNREACHABLE)) {
      log.warn("Consul at {} is unreachable, trying again: {}", address, reason(e).toString());
      log.debug("Consul at {} is unreachable", address, e);
    }
  }

  /** Ends every conversation with Consul, also those that wait for an answer. */
  @Override
  public void close() {
    reachability.set(Reachability.CLOSED);
    if (tls != null) {
      tls.close();
    }
    for (CloseableHttpClient http : new CloseableHttpClient[] {quickHttp, holdingHttp}) {
      try {
        http.close();
      } catch (IOException e) {
        log.debug("Closing the connection to Consul at {} failed", address, e);
      }
    }
  }
}
