package io.vmqtt.systemtests.cluster;

import io.vmqtt.systemtests.rules.DeliveryRules;
import io.vmqtt.systemtests.rules.RetainedRules;
import io.vmqtt.systemtests.rules.SessionRules;
import io.vmqtt.systemtests.rules.SharedRules;
import io.vmqtt.systemtests.rules.SubscriptionRules;
import io.vmqtt.systemtests.rules.WillRules;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.process.ClusterProcesses;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules that take more than one connection, each at another gateway of a cluster. */
class RulesAcrossGatewaysIT
    implements SessionRules,
        WillRules,
        RetainedRules,
        SubscriptionRules,
        DeliveryRules,
        SharedRules {
  @RegisterExtension static final ClusterProcesses cluster = ClusterProcesses.of(2, 2, 3);

  @Override
  public Address gateway(int index) {
    return cluster.gateway(index);
  }
}
