package io.vmqtt.gateway.tls;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What came of the handshakes of one listener. By any thread. */
final class HandshakeMetrics {
  private final Counter succeeded;
  private final Map<HandshakeFailure, Counter> failed = new EnumMap<>(HandshakeFailure.class);

  /** Registers the meters. */
  HandshakeMetrics(MeterRegistry registry, String listener) {
    succeeded =
        Counter.builder("vmqtt.gateway.tls.handshakes")
            .description("TLS handshakes that succeeded")
            .tag("listener", listener)
            .register(registry);
    for (HandshakeFailure reason : HandshakeFailure.values()) {
      failed.put(
          reason,
          Counter.builder("vmqtt.gateway.tls.handshakes.failed")
              .description("TLS handshakes that came to nothing")
              .tag("listener", listener)
              .tag("reason", reason.word())
              .register(registry));
    }
  }

  void succeeded() {
    succeeded.increment();
  }

  void failed(HandshakeFailure reason) {
    Objects.requireNonNull(failed.get(reason)).increment();
  }
}
