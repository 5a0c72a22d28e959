package io.vmqtt.cluster.namespaces;

import io.vmqtt.cluster.facts.FactKind;
import java.io.IOException;

/** The namespaces as a fact of the cluster. */
public enum NamespacesFact implements FactKind<Namespaces> {
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

  @Override
  public boolean isLater(Namespaces namespaces, Namespaces known) {
    return namespaces.version() > known.version();
  }

  @Override
  public String versionOf(Namespaces namespaces) {
    return "version " + namespaces.version();
  }
}
