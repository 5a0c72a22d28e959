package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.VirtualMachine;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.AttributeNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A broker as a JMX client sees it that attaches to its process. */
class JmxIT {
  private static final String[] TWO_TEXTS = {String.class.getName(), String.class.getName()};

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();

  /** What is asked of JMX. */
  @FunctionalInterface
  private interface Asked {
    void of(MBeanServerConnection server) throws IOException, JMException;
  }

  @SuppressWarnings("BanJNDI") // the other end is a process of this test
  private static void ask(Asked asked) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(broker.process().pid()));
    try (JMXConnector connector =
        JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
      asked.of(connector.getMBeanServerConnection());
    } finally {
      machine.detach();
    }
  }

  private static ObjectName named(MBeanServerConnection server, String keys)
      throws IOException, JMException {
    Set<ObjectName> found = server.queryNames(new ObjectName("io.vmqtt:" + keys + ",*"), null);
    assertEquals(1, found.size(), found::toString);
    return found.iterator().next();
  }

  @Test
  void nodes_eachRole_isThereWithItsFigures() throws Exception {
    ask(
        server -> {
          Set<String> roles =
              server.queryNames(new ObjectName("io.vmqtt:type=Node,*"), null).stream()
                  .map(name -> name.getKeyProperty("role"))
                  .collect(Collectors.toSet());
          assertTrue(
              roles.containsAll(Set.of("edge-gateway", "routing-service", "session-store")),
              roles::toString);
          ObjectName store = named(server, "type=Node,role=session-store");
          assertTrue(server.getAttribute(store, "shards").toString().contains("\"leader\""));
          assertTrue(((Number) server.getAttribute(store, "jvm.heapUsedBytes")).longValue() > 0);
          assertThrows(
              AttributeNotFoundException.class, () -> server.getAttribute(store, "nothing"));
          List<String> operations = List.of((String[]) server.getAttribute(store, "operations"));
          assertTrue(operations.contains("configuration"), operations::toString);
        });
  }

  @Test
  void metrics_ofTheProcess_areThoseOfPrometheus() throws Exception {
    RawConnection client = RawConnection.openAnd(broker.mqtt(), Packets.connect("measured"));
    ask(
        server -> {
          ObjectName metrics = named(server, "type=Metrics");
          List<String> open =
              Stream.of(server.getMBeanInfo(metrics).getAttributes())
                  .map(MBeanAttributeInfo::getName)
                  .filter(name -> name.startsWith("vmqtt.gateway.connections{listener="))
                  .toList();
          assertEquals(1, open.size(), open::toString);
          assertEquals(1.0, server.getAttribute(metrics, open.getFirst()));
        });
    client.cut();
  }

  @Test
  void ask_disconnect_endsTheClient() throws Exception {
    RawConnection client = RawConnection.openAnd(broker.mqtt(), Packets.connect("unwanted"));
    ask(
        server -> {
          ObjectName gateway = named(server, "type=Node,role=edge-gateway");
          String question =
              "{\"client\": {\"namespace\": \"\", \"clientId\": \"unwanted\"}, \"reason\": 152}";
          Object[] arguments = {"disconnect", question};
          assertEquals("{\"found\":true}", server.invoke(gateway, "ask", arguments, TWO_TEXTS));
          RuntimeMBeanException refused =
              assertThrows(
                  RuntimeMBeanException.class,
                  () -> server.invoke(gateway, "ask", new Object[] {"dance", "{}"}, TWO_TEXTS));
          assertTrue(String.valueOf(refused.getCause()).contains("dance"), refused::toString);
        });
    assertEquals(PacketType.DISCONNECT, client.read().type());
    client.awaitClosedSilently();
  }
}
