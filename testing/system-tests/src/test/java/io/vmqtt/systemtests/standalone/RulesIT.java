package io.vmqtt.systemtests.standalone;

import io.vmqtt.systemtests.rules.DeliveryRules;
import io.vmqtt.systemtests.rules.RetainedRules;
import io.vmqtt.systemtests.rules.SessionRules;
import io.vmqtt.systemtests.rules.SharedRules;
import io.vmqtt.systemtests.rules.SubscriptionRules;
import io.vmqtt.systemtests.rules.WillRules;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.process.BrokerProcess;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules that take more than one connection, on one node. */
class RulesIT
    implements SessionRules,
        WillRules,
        RetainedRules,
        SubscriptionRules,
        DeliveryRules,
        SharedRules {
  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();

  @Override
  public Address gateway(int index) {
    return broker.mqtt();
  }
}
