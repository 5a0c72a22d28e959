package io.vmqtt.cluster.facts;

/**
 * A fact that an operator writes, and may write anew. Its version grows from one to the next: it is
 * the time when it was written, in milliseconds since 1970, so that it grows also where the one
 * before was lost; 0: nobody has said anything.
 *
 * @param <T> itself
 */
public interface Authored<T extends Authored<T>> {

  /** As above. */
  long version();

  /** Whether it says the same as another, whatever their versions. */
  boolean saysTheSameAs(T other);

  /** The same as another version. */
  T withVersion(long newVersion);

  /** The same, as what comes after another. */
  default T after(T before, long nowMillis) {
    return withVersion(Math.max(before.version() + 1, nowMillis));
  }

  /** Checks a version. */
  static void requireVersion(long version) {
    if (version < 0) {
      throw new IllegalArgumentException("a fact of version " + version);
    }
  }
}
