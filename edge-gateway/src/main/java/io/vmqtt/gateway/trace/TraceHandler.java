package io.vmqtt.gateway.trace;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.vmqtt.cluster.operation.TraceEvents;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.connection.Prospect;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ScopedName;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what passes on one channel, for one trace; goes by itself when that is over. Stands
 * right before the handler of the client. Confined to the event loop.
 */
public final class TraceHandler extends ChannelDuplexHandler {
  private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0).asReadOnlyBuffer();
  private static final String IN = "in";
  private static final String OUT = "out";
  private static final String END = "end";

  private final Trace trace;
  private final Client client;
  private final WrittenPackets written = new WrittenPackets();

  /**
   * Whose channel it is.
   *
   * @param node the id of this gateway
   * @param namespace of its listener, which holds until it is known who the client is
   * @param claimedId the client id in its CONNECT, which holds until then, too
   * @param address where it comes from; null: the transport cannot tell
   * @param routerOf the id of the router of a topic with its namespace; null: there is none
   */
  public record Client(
      String node,
      Connection connection,
      Namespace namespace,
      String claimedId,
      @Nullable SocketAddress address,
      Function<String, @Nullable String> routerOf) {
    private String id() {
      Identity who = connection.identity();
      return who == null ? claimedId : who.clientId();
    }

    private String namespaceNow() {
      Identity who = connection.identity();
      return (who == null ? namespace : who.namespace()).name();
    }
  }

  private TraceHandler(Trace trace, Client client) {
    this.trace = trace;
    this.client = client;
  }

  /**
   * Puts one before a handler if the trace is about the client.
   *
   * @param connect its CONNECT, if that has just come
   */
  public static void add(
      ChannelPipeline pipeline,
      ChannelHandlerContext before,
      Trace trace,
      Client client,
      @Nullable MqttMessage connect) {
    String name = name(trace);
    if (pipeline.get(name) != null || !trace.isAbout(client.id(), client.address())) {
      return;
    }
    TraceHandler handler = new TraceHandler(trace, client);
    pipeline.addBefore(before.name(), name, handler);
    if (connect != null) {
      handler.came(connect);
    }
  }

  /** Takes it away again, where there is one. */
  public static void remove(ChannelPipeline pipeline, Trace trace) {
    if (pipeline.get(name(trace)) != null) {
      pipeline.remove(name(trace));
    }
  }

  private static String name(Trace trace) {
    return "trace " + trace.spec().id();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object packet) throws Exception {
    if (packet instanceof MqttMessage message) {
      came(message);
    }
    super.channelRead(context, packet);
    goIfOver(context);
  }

  @Override
  public void write(ChannelHandlerContext context, Object packets, ChannelPromise promise)
      throws Exception {
    if (packets instanceof ByteBuf buffer) {
      written.read(buffer, client.connection().version() == ProtocolVersion.V5, this::goes);
    }
    super.write(context, packets, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    super.channelInactive(context);
    if (trace.isAboutTopic(null)) {
      var reason = client.connection().endReason();
      add(END, "closed", reason == null ? Map.of() : Map.of("reason", reason.value()));
    }
  }

  private void goIfOver(ChannelHandlerContext context) {
    if (trace.isOver() && !context.isRemoved()) {
      context.pipeline().remove(this);
    }
  }

  private void came(MqttMessage message) {
    if (message.decoderResult().isFailure()) {
      if (trace.isAboutTopic(null)) {
        add(IN, "malformed", Map.of());
      }
      return;
    }
    String topic = PacketFacts.topic(message);
    if (!trace.isAboutTopic(topic)) {
      return;
    }
    Map<String, Object> facts = new HashMap<>(PacketFacts.of(message));
    if (topic != null && message instanceof MqttPublishMessage publish) {
      decide(publish, topic, facts);
    }
    add(IN, message.fixedHeader().messageType().name(), facts);
  }

  /** What access control says, and where it goes. */
  private void decide(MqttPublishMessage publish, String topic, Map<String, Object> facts) {
    Prospect prospect = Prospect.of(client.connection());
    Authorizer.Verdict verdict =
        prospect == null
            ? null
            : prospect.mayPublish(
                new Message(
                    topic,
                    NO_PAYLOAD,
                    Qos.of(publish.fixedHeader().qosLevel().value()),
                    publish.fixedHeader().isRetain(),
                    MessageProperties.NONE,
                    0,
                    0));
    if (verdict != null) {
      facts.put("allowed", verdict.isGranted());
    }
    if (verdict != null && verdict.rule() != null) {
      facts.put("rule", verdict.rule());
    }
    String router =
        client.routerOf().apply(ScopedName.of(Namespace.of(client.namespaceNow()), topic));
    if (router != null) {
      facts.put("router", router);
    }
  }

  private void goes(MqttMessageType type, String topic, Map<String, Object> facts) {
    if (trace.isAboutTopic(topic.isEmpty() ? null : topic)) {
      if (!topic.isEmpty()) {
        facts.put("topic", PacketFacts.cut(topic));
      }
      add(OUT, type.name(), facts);
    }
  }

  private void add(String direction, String packet, Map<String, Object> facts) {
    if (!trace.isOver() && trace.isAbout(client.namespaceNow())) {
      SocketAddress address = client.address();
      trace.add(
          new TraceEvents.TraceEvent(
              trace.clock().instant().toString(),
              client.node(),
              client.namespaceNow(),
              client.id(),
              address == null ? null : address.toString(),
              direction,
              packet,
              facts));
    }
  }
}
