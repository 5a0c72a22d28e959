package io.vmqtt.cluster.facts;

import org.jspecify.annotations.Nullable;

/**
 * A fact that an operator writes into a file. Whether two say the same does not depend on where
 * they were said.
 *
 * @param <T> itself
 */
public interface FromFile<T extends FromFile<T>> extends Authored<T> {

  /** Where it was said; null: nobody knows. */
  @Nullable Origin origin();

  /** The same, said there. */
  T from(@Nullable Origin said);
}
