package io.vmqtt.cluster.namespaces;

import io.vmqtt.cluster.facts.Authored;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quotas;
import java.util.Map;

/**
 * The namespaces that somebody has said something about; all others are as they always were.
 *
 * @param version as of {@link Authored}
 */
public record Namespaces(long version, Map<Namespace, NamespaceTerms> all)
    implements Authored<Namespaces> {
  /** Where there is no such fact. */
  public static final Namespaces NONE = new Namespaces(0, Map.of());

  public Namespaces {
    all = Map.copyOf(all);
    Authored.requireVersion(version);
  }

  @Override
  public boolean saysTheSameAs(Namespaces other) {
    return all.equals(other.all);
  }

  @Override
  public Namespaces withVersion(long newVersion) {
    return new Namespaces(newVersion, all);
  }

  /** How much a namespace may have. */
  public Quotas quotas(Namespace namespace) {
    return all.getOrDefault(namespace, NamespaceTerms.STANDARD).quotas();
  }
}
