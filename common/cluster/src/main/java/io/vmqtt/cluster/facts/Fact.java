package io.vmqtt.cluster.facts;

import io.vmqtt.cluster.discovery.Registration;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * One truth of the whole cluster, in one version at a time. Once known it is never unlearned, even
 * if the source of knowledge has lost it.
 *
 * @param <T> what is true; immutable, equal where it says the same
 */
public interface Fact<T> {

  /**
   * Calls {@code listener} with the fact as soon as it is known and with each later version, until
   * the registration is closed; never with an earlier one than it has heard.
   *
   * <p>All listeners of all facts are called by one thread, never concurrently and never from
   * within this method. While the source of knowledge is out of reach what was last known stands.
   */
  Registration watch(Consumer<T> listener);

  /**
   * Makes {@code proposed} the fact if there is none yet. Of several that propose at the same time,
   * exactly one succeeds; what exists is never replaced by this call.
   *
   * @return what is in force: {@code proposed}, or what was there before
   * @throws IOException if the source of knowledge is out of reach; whether the proposal was taken
   *     is then unknown, and asking again is safe
   */
  T create(T proposed) throws IOException;

  /**
   * Puts {@code next} in the place of {@code inForce}, if that still is the fact.
   *
   * @return whether it was
   * @throws IOException if the source of knowledge is out of reach; whether it was replaced is then
   *     unknown
   */
  boolean replace(T inForce, T next) throws IOException;
}
