package io.vmqtt.cluster.discovery;

import com.ecwid.consul.v1.agent.model.NewService;
import io.vmqtt.cluster.consul.Consul;
import java.io.IOException;
import java.util.List;

/** Registers services at a Consul agent. */
public final class ConsulAnnouncer implements ServiceAnnouncer {
  /**
   * A process that is busy, as all are when Consul comes back under load, must have the time that
   * its links have; Consul's own 10 s are long for one that hangs.
   */
  private static final String TIMEOUT = "3s";

  private final Consul consul;

  public ConsulAnnouncer(Consul consul) {
    this.consul = consul;
  }

  @Override
  public void announce(ServiceEntry service) throws IOException {
    NewService entry = new NewService();
    entry.setId(service.id());
    entry.setName(service.name());
    entry.setAddress(service.host());
    entry.setPort(service.port());
    entry.setTags(service.tags());
    entry.setMeta(service.meta());
    entry.setChecks(List.of(check(service)));
    consul.ask(client -> client.agentServiceRegister(entry));
  }

  private static NewService.Check check(ServiceEntry service) {
    NewService.Check check = new NewService.Check();
    check.setHttp(service.health().toString());
    // It goes by the id of the node. The name that Consul would look for is not that of a host.
    check.setTlsSkipVerify(service.health().getScheme().equals("https"));
    check.setInterval("1s");
    check.setTimeout(TIMEOUT);
    // Who registers has just said that it serves: it need not wait to be seen.
    check.setStatus("passing");
    // The shortest time that Consul keeps to.
    check.setDeregisterCriticalServiceAfter("1m");
    return check;
  }

  @Override
  public void withdraw(String serviceId) throws IOException {
    consul.ask(client -> client.agentServiceDeregister(serviceId));
  }
}
