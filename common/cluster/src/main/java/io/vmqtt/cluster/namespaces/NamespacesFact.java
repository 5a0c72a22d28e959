package io.vmqtt.cluster.namespaces;

import io.vmqtt.cluster.facts.AuthoredKind;
import java.io.IOException;

/** The namespaces as a fact of the cluster. */
public enum NamespacesFact implements AuthoredKind<Namespaces> {
  NAMESPACES;

  @Override
  public String key() {
    return "namespaces";
  }

  @Override
  public String write(Namespaces namespaces) {
    return NamespacesJson.write(namespaces);
  }

  @Override
  public Namespaces read(String text) throws IOException {
    return NamespacesJson.read(text);
  }
}
