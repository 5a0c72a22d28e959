package io.vmqtt.cluster.operation;

import org.jspecify.annotations.Nullable;

/**
 * What clients have to be like. Of each, null: anything.
 *
 * @param namespace its name; empty: the nameless one
 * @param clientId {@code *} in it stands for any characters
 * @param user the same; one who has no user name is not meant
 * @param network an address, or a network such as {@code 10.0.0.0/8}
 * @param protocol {@code 3.1}, {@code 3.1.1} or {@code 5}
 * @param connectedSinceMillis of those accepted then or later: milliseconds of the epoch
 * @param persistent whether the session outlives the connection
 */
public record ClientFilter(
    @Nullable String namespace,
    @Nullable String clientId,
    @Nullable String user,
    @Nullable String network,
    @Nullable String protocol,
    @Nullable Long connectedSinceMillis,
    @Nullable Boolean persistent) {
  /** All of them. */
  public static final ClientFilter ALL = new ClientFilter(null, null, null, null, null, null, null);

  /** One of them, wherever it is connected. */
  public static ClientFilter of(ClientName name) {
    return new ClientFilter(name.namespace(), name.clientId(), null, null, null, null, null);
  }
}
