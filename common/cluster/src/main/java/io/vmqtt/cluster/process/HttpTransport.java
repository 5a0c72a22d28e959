package io.vmqtt.cluster.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.vmqtt.cluster.http.HttpTls;
import io.vmqtt.cluster.http.HttpTlsFiles;
import io.vmqtt.cluster.identity.Doorstep;
import io.vmqtt.cluster.identity.Refusals;
import io.vmqtt.cluster.node.HttpOptions;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.wire.CallersAtTheDoor;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has Micronaut's HTTP server look who comes, and speak TLS where it is to. */
@Singleton
final class HttpTransport
    implements BeanCreatedEventListener<NettyServerCustomizer.Registry>, AutoCloseable {
  private final Provider<OptionValues> options;
  private final Provider<MeterRegistry> meters;
  private @Nullable HttpTls tls;

  /** Asks for what it needs when there is a server: a listener is there before all other beans. */
  HttpTransport(Provider<OptionValues> options, Provider<MeterRegistry> meters) {
    this.options = options;
    this.meters = meters;
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    Refusals refusals = new Refusals();
    HttpTls spoken = tls(refusals);
    tls = spoken;
    Doorstep doorstep =
        new Doorstep(
            "http",
            "the caller of HTTP",
            spoken == null ? "one without TLS" : spoken.expected(),
            refusals,
            meters.get());
    event.getBean().register(new Connections(doorstep, spoken));
    return event.getBean();
  }

  private @Nullable HttpTls tls(Refusals refusals) {
    Optional<HttpTlsFiles> files = HttpOptions.files(options.get());
    try {
      return files.isEmpty()
          ? null
          : new HttpTls(files.get(), refusals, InstantSource.system(), meters.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  @PreDestroy
  public void close() {
    HttpTls spoken = tls;
    if (spoken != null) {
      spoken.close();
    }
  }

  /** Stands at the head of each connection, before Micronaut has put anything there. */
  private record Connections(Doorstep doorstep, @Nullable HttpTls tls)
      implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      if (role == ChannelRole.LISTENER) {
        channel.pipeline().addLast(new CallersAtTheDoor(doorstep, "--http-tls"));
      } else if (role == ChannelRole.CONNECTION && tls != null) {
        channel.pipeline().addLast(tls.newHandler(channel.alloc()));
      }
      return this;
    }
  }
}
