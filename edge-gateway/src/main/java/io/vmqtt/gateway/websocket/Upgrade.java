package io.vmqtt.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vmqtt.gateway.config.WebSocketConfig;
import io.vmqtt.gateway.memory.LoopMemory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The request with which a client begins a WebSocket (RFC 6455, 4.2), and the answer. What follows
 * is there when it was favourable; any other ends the connection. Confined to the event loop.
 */
final class Upgrade extends ChannelInboundHandlerAdapter {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  private static final Logger log = LoggerFactory.getLogger(Upgrade.class);

  /** Of MQTT, and of MQTT 3.1; the client's order decides [MQTT-6.0.0-4]. */
  private static final List<String> PROTOCOLS = List.of("mqtt", "mqttv3.1");

  private final WebSocketConfig config;
  private final Duration timeout;
  private final LoopMemory memory;
  private final Runnable whatFollows;
  private @Nullable HttpRequest request;
  private boolean answered;
  private @Nullable ScheduledFuture<?> patience;

  Upgrade(WebSocketConfig config, Duration timeout, LoopMemory memory, Runnable whatFollows) {
    this.config = config;
    this.timeout = timeout;
    this.memory = memory;
    this.whatFollows = whatFollows;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    patience =
        context
            .executor()
            .schedule(
                () -> {
                  var _ = context.close();
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (patience != null) {
      patience.cancel(false);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    // For whoever follows, it is not yet.
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (answered) {
        return; // with a refusal: nothing counts any more
      }
      if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
        refuse(
            context,
            part.decoderResult().cause() instanceof TooLongFrameException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpResponseStatus.BAD_REQUEST);
      } else if (message instanceof HttpRequest begun) {
        request = begun;
      } else if (message instanceof LastHttpContent last && request != null) {
        answer(context, request, last.content().isReadable());
      } else {
        refuse(context, HttpResponseStatus.BAD_REQUEST); // a request has no body
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("a channel failed before it spoke WebSocket", cause);
    var _ = context.close();
  }

  private void answer(ChannelHandlerContext context, HttpRequest asked, boolean hasBody) {
    HttpResponseStatus objection = objection(asked, hasBody);
    Optional<String> protocol = protocol(asked.headers());
    if (objection != null || protocol.isEmpty()) {
      refuse(context, objection == null ? HttpResponseStatus.BAD_REQUEST : objection);
      return;
    }
    answered = true;
    Optional<String> deflate =
        config.deflates()
            ? DeflateOffer.answer(asked.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))
            : Optional.empty();
    var _ =
        write(
            context,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + accept(asked.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY))
                + "\r\nSec-WebSocket-Protocol: "
                + protocol.get()
                + deflate.map(said -> "\r\nSec-WebSocket-Extensions: " + said).orElse("")
                + "\r\n\r\n");
    FrameReader reader =
        new FrameReader(
            memory, deflate.isPresent() ? new Inflation(config.mostInflatedBytes()) : null);
    context.pipeline().addLast(reader).addLast(new FrameWriter(reader, deflate.isPresent()));
    whatFollows.run();
    context.fireChannelActive();
    context.pipeline().remove(this);
    context.pipeline().remove(HttpRequestDecoder.class); // hands on what came behind the request
  }

  /** Why there is to be no WebSocket; null: no reason. */
  private @Nullable HttpResponseStatus objection(HttpRequest asked, boolean hasBody) {
    HttpHeaders headers = asked.headers();
    if (!asked.method().equals(HttpMethod.GET)) {
      return HttpResponseStatus.METHOD_NOT_ALLOWED;
    }
    if (!asked.uri().replaceFirst("\\?.*", "").equals(config.path())) {
      return HttpResponseStatus.NOT_FOUND;
    }
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    if (origin != null && !config.allows(origin)) {
      return HttpResponseStatus.FORBIDDEN;
    }
    if (!headers.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)
        || !headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
        || !"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      return HttpResponseStatus.UPGRADE_REQUIRED;
    }
    String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "");
    return hasBody || !KEY.matcher(key).matches() ? HttpResponseStatus.BAD_REQUEST : null;
  }

  private static Optional<String> protocol(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
        .flatMap(COMMA::splitAsStream)
        .map(String::strip)
        .filter(PROTOCOLS::contains)
        .findFirst();
  }

  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  private void refuse(ChannelHandlerContext context, HttpResponseStatus why) {
    answered = true;
    write(
            context,
            "HTTP/1.1 "
                + why
                + "\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .addListener(ChannelFutureListener.CLOSE);
  }

  private static ChannelFuture write(ChannelHandlerContext context, String text) {
    ByteBuf bytes = context.alloc().ioBuffer(text.length());
    bytes.writeCharSequence(text, StandardCharsets.US_ASCII);
    return context.writeAndFlush(bytes);
  }
}
