package io.vmqtt.cluster.namespaces;

import io.vmqtt.cluster.facts.Authored;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quotas;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces that somebody has said something about; all others are as they always were.
 *
 * @param version as of {@link Authored}
 * @param origin as of {@link FromFile}
 */
public record Namespaces(long version, Map<Namespace, NamespaceTerms> all, @Nullable Origin origin)
    implements FromFile<Namespaces> {
  /** Where there is no such fact. */
  public static final Namespaces NONE = new Namespaces(0, Map.of());

  public Namespaces {
    all = Map.copyOf(all);
    Authored.requireVersion(version);
  }

  /** Of which nobody knows where they were said. */
  public Namespaces(long version, Map<Namespace, NamespaceTerms> all) {
    this(version, all, null);
  }

  @Override
  public boolean saysTheSameAs(Namespaces other) {
    return all.equals(other.all);
  }

  @Override
  public Namespaces withVersion(long newVersion) {
    return new Namespaces(newVersion, all, origin);
  }

  @Override
  public Namespaces from(@Nullable Origin said) {
    return new Namespaces(version, all, said);
  }

  /** How much a namespace may have. */
  public Quotas quotas(Namespace namespace) {
    return all.getOrDefault(namespace, NamespaceTerms.STANDARD).quotas();
  }
}
