package io.vmqtt.cluster.namespaces;

import io.vmqtt.model.Consistency;
import io.vmqtt.model.Quotas;

/**
 * What holds for a namespace.
 *
 * @param quotas how much it may have
 * @param consistency of what it stores
 */
public record NamespaceTerms(Quotas quotas, Consistency consistency) {
  /** For one that nobody has said anything about. */
  public static final NamespaceTerms STANDARD = new NamespaceTerms(Quotas.NONE, Consistency.STRONG);
}
