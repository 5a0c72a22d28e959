package io.vmqtt.gateway.tls;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.vmqtt.gateway.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of one listener. When its files change, connections that come from then on get
 * what is in them; those that are there have all they need. Engines are made by the threads of
 * connections, the files are looked at by one thread.
 */
final class ListenerTls {
  private static final Logger log = LoggerFactory.getLogger(ListenerTls.class);
  static final Duration EXPIRES_SOON = Duration.ofDays(30);
  private static final Duration BETWEEN_WARNINGS = Duration.ofDays(1);

  private final String listener;
  private final TlsConfig config;
  private final String applicationProtocol;
  private final TlsProvider provider;
  private final InstantSource clock;
  private volatile Current current;

  /** Replaced, but an event loop may be about to make an engine of it: it goes at the next one. */
  private @Nullable SslContext replaced;

  /** What the files had when they could last be read, be it of use or not. */
  private Map<Path, String> seen;

  /** What was wrong with them at the last look, so that it is said once; empty: nothing. */
  private String complaint = "";

  private Instant warned = Instant.MIN;

  private record Current(SslContext context, Instant notAfter) {}

  /**
   * Reads the files.
   *
   * @throws IOException if they are not there, or do not go together; the message names one
   */
  ListenerTls(
      String listener,
      TlsConfig config,
      String applicationProtocol,
      TlsProvider provider,
      InstantSource clock,
      MeterRegistry registry)
      throws IOException {
    this.listener = listener;
    this.config = config;
    this.applicationProtocol = applicationProtocol;
    this.provider = provider;
    this.clock = clock;
    Map<Path, String> contents = ServerCredentials.contents(config.files());
    this.seen = contents;
    this.current = read(contents);
    Gauge.builder("vmqtt.gateway.tls.certificate.seconds", this, ListenerTls::secondsLeft)
        .description("seconds until the certificate of a listener expires")
        .tag("listener", listener)
        .register(registry);
    warnOfExpiry();
  }

  private Current read(Map<Path, String> contents) throws IOException {
    ServerCredentials credentials = ServerCredentials.of(config, contents);
    return new Current(
        provider.context(credentials, config.clientCertificates(), applicationProtocol),
        credentials.notAfter());
  }

  /** For one connection. By any thread. */
  SSLEngine newEngine(ByteBufAllocator allocator) {
    return current.context.newEngine(allocator);
  }

  /** Whether clients show certificates at all. */
  boolean asksClients() {
    return config.clientCa() != null;
  }

  private double secondsLeft() {
    return Duration.between(clock.instant(), current.notAfter).toSeconds();
  }

  /** Takes over what has changed in the files; where that is of no use, what was there stays. */
  void look() {
    String wrong = "";
    try {
      Map<Path, String> contents = ServerCredentials.contents(config.files());
      if (!contents.equals(seen)) {
        seen = contents;
        exchange(read(contents));
        log.info("listener {} has new certificates, until {}", listener, current.notAfter);
      }
    } catch (IOException e) {
      wrong = String.valueOf(e.getMessage());
    }
    if (!wrong.isEmpty() && !wrong.equals(complaint)) {
      log.warn("listener {} keeps the certificates that it has: {}", listener, wrong);
    }
    complaint = wrong;
    warnOfExpiry();
  }

  private void exchange(Current by) {
    SslContext before = current.context;
    current = by;
    ReferenceCountUtil.release(replaced);
    replaced = before;
  }

  private void warnOfExpiry() {
    Instant now = clock.instant();
    Duration left = Duration.between(now, current.notAfter);
    if (left.compareTo(EXPIRES_SOON) < 0
        && (warned.equals(Instant.MIN) || warned.plus(BETWEEN_WARNINGS).isBefore(now))) {
      warned = now;
      log.warn(
          "the certificate of listener {} {} at {}",
          listener,
          left.isNegative() ? "has expired" : "expires",
          current.notAfter);
    }
  }

  /** Lets go what connections are made of: there will be no more. */
  void close() {
    ReferenceCountUtil.release(replaced);
    ReferenceCountUtil.release(current.context);
  }
}
