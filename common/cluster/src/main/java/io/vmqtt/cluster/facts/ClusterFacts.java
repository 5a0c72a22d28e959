package io.vmqtt.cluster.facts;

/**
 * The facts that hold for the whole cluster and outlive every process of it. What there is to know
 * of a kind of fact is in its {@link FactKind}; nothing here knows one.
 */
public interface ClusterFacts extends AutoCloseable {

  /** The fact of a kind: the same for every call. */
  <T> Fact<T> of(FactKind<T> kind);

  /** Ends all watches. */
  @Override
  void close();
}
