package io.vmqtt.cluster.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.vmqtt.cluster.node.LocalNode;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of this process and its metrics, for JMX: {@code io.vmqtt:type=Node,role=ROLE,id=ID}
 * and {@code io.vmqtt:type=Metrics,id=ID}. They cost nothing while nobody looks.
 */
@Singleton
final class ManagedNodes {
  private static final String DOMAIN = "io.vmqtt";

  private static final Logger log = LoggerFactory.getLogger(ManagedNodes.class);

  private final LocalNodes nodes;
  private final LocalNode whole;
  private final MeterRegistry meters;
  private final EmbeddedServer http;
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final List<ObjectName> registered = new ArrayList<>();

  /**
   * @param whole what the process is to those who see one thing
   */
  ManagedNodes(LocalNodes nodes, LocalNode whole, MeterRegistry meters, EmbeddedServer http) {
    this.nodes = nodes;
    this.whole = whole;
    this.meters = meters;
    this.http = http;
  }

  /** All are there. */
  @EventListener
  synchronized void onStart(ServerStartupEvent event) {
    // The gRPC server says the same of itself.
    if (!event.getSource().equals(http)) {
      return;
    }
    for (LocalNode node : nodes.all()) {
      String role = node.role().serviceName();
      register(
          new ManagedNode(
              role + ' ' + node.id(), () -> LocalNodes.figures(node), nodes.answers(node)),
          "type=Node,role=" + role + ",id=" + node.id());
    }
    register(new ManagedMetrics(meters), "type=Metrics,id=" + whole.id());
  }

  /** A broker serves without JMX, too. */
  private void register(DynamicMBean bean, String keys) {
    try {
      ObjectName name = new ObjectName(DOMAIN + ':' + keys);
      server.registerMBean(bean, name);
      registered.add(name);
    } catch (JMException e) {
      log.warn("{} is not in JMX", keys, e);
    }
  }

  @PreDestroy
  synchronized void close() {
    for (ObjectName name : registered) {
      try {
        server.unregisterMBean(name);
      } catch (JMException e) {
        log.debug("{} was not in JMX any more", name, e);
      }
    }
    registered.clear();
  }
}
