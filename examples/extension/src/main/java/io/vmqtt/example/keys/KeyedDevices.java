package io.vmqtt.example.keys;

import io.vmqtt.extension.Client;
import io.vmqtt.extension.ClientAccess;
import io.vmqtt.extension.Newcomer;
import io.vmqtt.extension.Rule;
import io.vmqtt.extension.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;

/**
 * Lets devices in by their keys, and says of everybody what he may do: a device speaks and hears
 * below its own client id, whoever has a name hears all of them.
 */
final class KeyedDevices implements ClientAccess {
  private final Map<String, String> keys;

  KeyedDevices(Map<String, String> keys) {
    this.keys = Map.copyOf(keys);
  }

  @Override
  public Verdict authenticate(Newcomer newcomer) {
    String key = keys.get(newcomer.clientId());
    byte[] password = newcomer.password();
    if (key == null) {
      return Verdict.unknown();
    }
    return password != null && MessageDigest.isEqual(key.getBytes(StandardCharsets.UTF_8), password)
        ? Verdict.allowed(null)
        : Verdict.refused();
  }

  @Override
  public boolean givesRules() {
    return true;
  }

  @Override
  public List<Rule> rules(Client client) {
    return client.userName() == null
        ? List.of(
            Rule.allowPublish("devices/${clientid}/#"),
            Rule.allowSubscribe("devices/${clientid}/#"))
        : List.of(Rule.allowSubscribe("devices/#"));
  }
}
