package io.vmqtt.gateway.proxy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.transport.TransportHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The header of the PROXY protocol, version 1 or 2, before everything else. Whoever comes from one
 * of the networks of proxies has to send it, and what it says is believed; whoever comes from
 * elsewhere is a client like any other, for whom such a header is no MQTT.
 */
public final class ProxyHead implements TransportHead {
  private static final Logger log = LoggerFactory.getLogger(ProxyHead.class);
  private static final int MAX_EXTRA_BYTES = 2 << 10;

  private static final AttributeKey<InetSocketAddress> CLIENT =
      AttributeKey.valueOf(ProxyHead.class, "client");

  private static final AttributeKey<String> NAME = AttributeKey.valueOf(ProxyHead.class, "name");

  private final List<IpSubnetFilterRule> proxies;
  private final Duration timeout;
  private final Counter refused;

  /**
   * A head.
   *
   * @param proxies their networks, such as {@code 10.0.0.0/8}
   * @param timeout a header may take so long
   */
  public ProxyHead(
      String listener, List<String> proxies, Duration timeout, MeterRegistry registry) {
    this.proxies =
        proxies.stream()
            .map(network -> new IpSubnetFilterRule(network, IpFilterRuleType.ACCEPT))
            .toList();
    this.timeout = timeout;
    refused =
        Counter.builder("vmqtt.gateway.proxy.headers.refused")
            .description("connections of proxies closed: no header of the PROXY protocol came")
            .tag("listener", listener)
            .register(registry);
  }

  @Override
  public void install(ChannelPipeline pipeline, LoopMemory memory, Runnable whatFollows) {
    if (isProxy(pipeline.channel().remoteAddress())) {
      pipeline.addLast(new HeaderDecoder(MAX_EXTRA_BYTES)).addLast(new Header(whatFollows));
    } else {
      whatFollows.run();
    }
  }

  private boolean isProxy(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet
        && proxies.stream().anyMatch(network -> network.matches(inet));
  }

  @Override
  public Caller caller(Channel channel) {
    InetSocketAddress client = channel.attr(CLIENT).get();
    return new Caller(
        client == null ? channel.remoteAddress() : client,
        null,
        client == null ? null : channel.attr(NAME).get());
  }

  @Override
  public int heldBytes(Channel channel) {
    return 0;
  }

  @Override
  public boolean copies() {
    return false;
  }

  @Override
  public ChannelFuture end(ChannelHandlerContext context) {
    return TCP.end(context);
  }

  /** Waits for the header. Confined to the event loop. */
  private final class Header extends ChannelInboundHandlerAdapter {
    private final Runnable whatFollows;
    private @Nullable ScheduledFuture<?> patience;

    Header(Runnable whatFollows) {
      this.whatFollows = whatFollows;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      patience =
          context
              .executor()
              .schedule(
                  () -> refuse(context, "nothing came"), timeout.toMillis(), TimeUnit.MILLISECONDS);
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
      if (!(message instanceof HAProxyMessage header)) {
        context.fireChannelRead(message);
        return;
      }
      try {
        String source = header.sourceAddress();
        if (source != null && !source.isEmpty()) {
          context
              .channel()
              .attr(CLIENT)
              .set(new InetSocketAddress(InetAddress.ofLiteral(source), header.sourcePort()));
          String name = ProxiedName.of(header);
          if (name != null) {
            context.channel().attr(NAME).set(name);
          }
        }
      } catch (IllegalArgumentException e) {
        refuse(context, "an address that is none"); // that of a Unix socket, for example
        return;
      } finally {
        header.release();
      }
      whatFollows.run();
      context.fireChannelActive();
      context.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      refuse(context, String.valueOf(cause.getMessage()));
    }

    private void refuse(ChannelHandlerContext context, String why) {
      refused.increment();
      log.debug("no PROXY header of {}: {}", context.channel().remoteAddress(), why);
      var _ = context.close();
    }
  }
}
