package io.vmqtt.cluster.discovery;

import java.io.IOException;

/** Writes services into the local Consul agent. Both calls may be repeated. */
public interface ServiceAnnouncer {

  /** Registers the service, in place of one with the same id. */
  void announce(ServiceEntry service) throws IOException;

  /** Takes the service out, if it is there. */
  void withdraw(String serviceId) throws IOException;
}
