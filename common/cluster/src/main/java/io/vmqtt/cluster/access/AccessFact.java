package io.vmqtt.cluster.access;

import io.vmqtt.cluster.facts.AuthoredKind;
import java.io.IOException;

/** What is said about access, as a fact of the cluster. */
public enum AccessFact implements AuthoredKind<AccessSettings> {
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
}
