package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is held off.
 *
 * @param kind what he is known by: {@code address}, {@code user} or {@code client-id}
 * @param from the address, or network, from where he is held off
 * @param namespace of the listener; empty: the nameless one, and of an address
 * @param name of a user or client; empty of an address
 * @param since ISO-8601; null where nobody has noted it
 * @param until ISO-8601; from then on no more
 */
@JsonInclude
public record HeldOffInfo(
    String kind, String from, String namespace, String name, @Nullable String since, String until) {

  /** Who it is. */
  public HeldOffName who() {
    return new HeldOffName(kind, from, namespace, name);
  }
}
