package io.vmqtt.gateway.spans;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vmqtt.gateway.connection.DeliverySpans;
import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.TopicFilter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells of single messages as traces of OpenTelemetry: a span from when a gateway sends a publish
 * to its router until all is safe, and below it one for each delivery of QoS 1 or 2, by any gateway
 * that tells of them, until its receiver has acknowledged it. A message is in a trace whose
 * publisher says so, by the user property {@code traceparent}; or, where he says nothing, is one
 * itself if it is drawn. Receivers are handed the span of the broker. Safe from any thread.
 */
public final class Spans implements AutoCloseable {
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
  private static final AttributeKey<String> TOPIC =
      AttributeKey.stringKey("messaging.destination.name");
  private static final AttributeKey<Long> BYTES =
      AttributeKey.longKey("messaging.message.body.size");
  private static final AttributeKey<Long> QOS = AttributeKey.longKey("mqtt.qos");
  private static final AttributeKey<Boolean> RETAIN = AttributeKey.booleanKey("mqtt.retain");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("mqtt.reason");
  private static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("vmqtt.namespace");
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Of one client, that its window is larger is no reason to remember more. */
  private static final int MOST_OF_CLIENT = 1_000;

  private final SpanTerms terms;
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  /**
   * Tells from now on.
   *
   * @param node the id of this gateway
   */
  public Spans(SpanTerms terms, String node, MeterRegistry meters) {
    this.terms = terms;
    this.provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "vmqtt-edge-gateway",
                        AttributeKey.stringKey("service.instance.id"),
                        node)))
            .setSampler(Sampler.alwaysOn()) // what is not to be told has no span
            .addSpanProcessor(
                new BoundedSpans(
                    OtlpHttpSpanExporter.builder()
                        .setEndpoint(terms.endpoint().toString())
                        .setTimeout(PATIENCE)
                        .build(),
                    meters))
            .build();
    this.tracer = provider.get("io.vmqtt.gateway");
  }

  /** A publish that is told of. */
  public static final class Published {
    private final Message message;
    private final Span span;

    private Published(Message message, Span span) {
      this.message = message;
      this.span = span;
    }

    /** As it is handed on. */
    public Message message() {
      return message;
    }

    /** What has become of it; at QoS 0, that it was sent. */
    public void end(ReasonCode reason) {
      span.setAttribute(REASON, reason.name().toLowerCase(Locale.ROOT));
      if (reason.isError()) {
        span.setStatus(StatusCode.ERROR);
      }
      span.end();
    }
  }

  /** A publish is about to go to its router; null: it is not told of, and goes as it is. */
  public @Nullable Published begin(Message message) {
    Context parent = TraceParent.of(message);
    SpanContext said = Span.fromContext(parent).getSpanContext();
    if (said.isValid() ? !said.isSampled() : !isDrawn(message)) {
      return null;
    }
    Span span = span("publish", SpanKind.SERVER, message, message.qos(), parent).startSpan();
    return new Published(TraceParent.in(message, parent.with(span)), span);
  }

  private boolean isDrawn(Message message) {
    if (terms.sample() > 0 && ThreadLocalRandom.current().nextDouble() < terms.sample()) {
      return true;
    }
    for (TopicFilter filter : terms.topics()) {
      if (filter.matches(ScopedName.local(message.topic()))) {
        return true;
      }
    }
    return false;
  }

  private SpanBuilder span(String what, SpanKind kind, Message message, Qos qos, Context parent) {
    String topic = ScopedName.local(message.topic());
    return tracer
        .spanBuilder(what + ' ' + topic)
        .setParent(parent)
        .setSpanKind(kind)
        .setAttribute(SYSTEM, "mqtt")
        .setAttribute(TOPIC, topic)
        .setAttribute(NAMESPACE, ScopedName.namespace(message.topic()).name())
        .setAttribute(BYTES, (long) message.payload().remaining())
        .setAttribute(QOS, (long) qos.value())
        .setAttribute(RETAIN, message.retain());
  }

  /** Tells of the deliveries to one client; of its thread. */
  public DeliverySpans ofClient() {
    return new OfClient();
  }

  private final class OfClient implements DeliverySpans {
    private final Map<Integer, Span> open = new HashMap<>(2);

    @Override
    public void sent(Message message, int packetId, Qos qos) {
      if (packetId == 0 || open.size() >= MOST_OF_CLIENT) {
        return;
      }
      Context parent = TraceParent.of(message);
      if (Span.fromContext(parent).getSpanContext().isSampled()) {
        end(
            open.put(
                packetId, span("deliver", SpanKind.PRODUCER, message, qos, parent).startSpan()),
            "sent again");
      }
    }

    @Override
    public void acknowledged(int packetId) {
      Span span = open.remove(packetId);
      if (span != null) {
        span.end();
      }
    }

    @Override
    public void gone() {
      open.values().forEach(span -> end(span, "the connection has ended"));
      open.clear();
    }

    private static void end(@Nullable Span span, String why) {
      if (span != null) {
        span.setStatus(StatusCode.ERROR, why).end();
      }
    }
  }

  /** What waits is told for a moment more. */
  @Override
  public void close() {
    var _ = provider.shutdown().join(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
