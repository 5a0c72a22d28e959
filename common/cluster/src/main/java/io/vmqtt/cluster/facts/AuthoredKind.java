package io.vmqtt.cluster.facts;

/** A kind of fact that has its version in itself. */
public interface AuthoredKind<T extends Authored<T>> extends FactKind<T> {

  @Override
  default boolean isLater(T fact, T known) {
    return fact.version() > known.version();
  }

  @Override
  default String versionOf(T fact) {
    return "version " + fact.version();
  }
}
