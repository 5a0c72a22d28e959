package io.vmqtt.cluster.access;

import io.vmqtt.cluster.facts.FactKind;
import java.io.IOException;

/** What is said about access, as a fact of the cluster. */
public enum AccessFact implements FactKind<AccessSettings> {
  ACCESS;

  @Override
  public String key() {
    return "access";
  }

  @Override
  public String write(AccessSettings settings) {
    return AccessJson.write(settings);
  }

  @Override
  public AccessSettings read(String text) throws IOException {
    return AccessJson.read(text);
  }

  @Override
  public boolean isLater(AccessSettings settings, AccessSettings known) {
    return settings.version() > known.version();
  }

  @Override
  public String versionOf(AccessSettings settings) {
    return "version " + settings.version();
  }
}
