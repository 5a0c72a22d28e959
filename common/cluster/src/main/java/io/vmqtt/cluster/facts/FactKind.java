package io.vmqtt.cluster.facts;

import java.io.IOException;

/**
 * A kind of fact: its name, its text, and which of two versions is the later.
 *
 * @param <T> as of {@link Fact}
 */
public interface FactKind<T> {

  /** Such as {@code shard-map}; names the fact in Consul and in logs. */
  String key();

  /** The fact as a text that people can read too. */
  String write(T fact);

  /**
   * The fact that a text stands for.
   *
   * @throws IOException if it stands for none
   */
  T read(String text) throws IOException;

  /** Whether {@code fact} may take the place of {@code known} where that has been heard. */
  boolean isLater(T fact, T known);

  /** Names the version of a fact, in a log. */
  String versionOf(T fact);
}
