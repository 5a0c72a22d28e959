package io.vmqtt.cluster.namespaces;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quotas;
import java.util.Map;

/**
 * The namespaces that somebody has said something about; all others are as they always were.
 *
 * @param version grows from one to the next: the time when it was written, in milliseconds since
 *     1970, so that it grows also where the one before was lost; 0: nobody has said anything
 */
public record Namespaces(long version, Map<Namespace, NamespaceTerms> all) {
  /** Where there is no such fact. */
  public static final Namespaces NONE = new Namespaces(0, Map.of());

  public Namespaces {
    all = Map.copyOf(all);
    if (version < 0) {
      throw new IllegalArgumentException("namespaces of version " + version);
    }
  }

  /** What comes after this. */
  public Namespaces next(Map<Namespace, NamespaceTerms> nextAll, long nowMillis) {
    return new Namespaces(Math.max(version + 1, nowMillis), nextAll);
  }

  /** How much a namespace may have. */
  public Quotas quotas(Namespace namespace) {
    return all.getOrDefault(namespace, NamespaceTerms.STANDARD).quotas();
  }
}
