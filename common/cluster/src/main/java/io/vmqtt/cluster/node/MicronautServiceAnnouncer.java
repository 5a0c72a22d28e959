package io.vmqtt.cluster.node;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micronaut.context.annotation.Requires;
import io.micronaut.discovery.consul.client.v1.ConsulCheck;
import io.micronaut.discovery.consul.client.v1.ConsulClient;
import io.micronaut.discovery.consul.client.v1.ConsulNewServiceEntry;
import io.micronaut.http.HttpStatus;
import io.vmqtt.cluster.discovery.ServiceAnnouncer;
import io.vmqtt.cluster.discovery.ServiceEntry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.MalformedURLException;
import java.time.Duration;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Registers services by Micronaut's Consul client. */
@Singleton
@Requires(beans = ConsulClient.class)
final class MicronautServiceAnnouncer implements ServiceAnnouncer {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ConsulClient client;

  MicronautServiceAnnouncer(ConsulClient client) {
    this.client = client;
  }

  @Override
  public void announce(ServiceEntry service) throws IOException {
    await(
        client.register(
            new ConsulNewServiceEntry(
                service.name(),
                service.host(),
                service.port(),
                service.tags(),
                service.id(),
                service.meta(),
                List.of(new HealthCheck(service)))));
  }

  @Override
  public void withdraw(String serviceId) throws IOException {
    await(client.deregister(serviceId));
  }

  private static void await(Publisher<HttpStatus> call) throws IOException {
    try {
      Mono.from(call).block(TIMEOUT);
    } catch (RuntimeException e) {
      throw new IOException("no success at Consul", e);
    }
  }

  /**
   * Micronaut's check knows no timeout, and Consul's own of 10 s is long for a process that hangs.
   * A process that is busy, as all are when Consul comes back under load, must have the time that
   * its links have.
   */
  static final class HealthCheck extends ConsulCheck {
    HealthCheck(ServiceEntry service) throws MalformedURLException {
      setName("Service '" + service.name() + "' check");
      setHttp(service.health().toURL());
      setInterval("1s");
      // Who registers has just said that it serves: it need not wait to be seen.
      setStatus("passing");
      // The shortest time that Consul keeps to.
      setDeregisterCriticalServiceAfter("1m");
    }

    @JsonProperty("Timeout")
    String timeout() {
      return TIMEOUT.toSeconds() + "s";
    }
  }
}
