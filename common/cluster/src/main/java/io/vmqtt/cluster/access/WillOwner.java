package io.vmqtt.cluster.access;

import io.vmqtt.model.Namespace;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose a will is: what rules can know of its client, kept with the will for the time when it is
 * published, and its client is gone.
 *
 * @param claims what its proof said of it, by name: only what can stand in a topic
 */
public record WillOwner(
    Namespace namespace,
    String clientId,
    @Nullable String userName,
    @Nullable String certificateName,
    Map<String, String> claims)
    implements NamedClient {

  public WillOwner {
    Map<String, String> usable = new HashMap<>(claims);
    usable.values().removeIf(value -> !NamedClient.isPartOfALevel(value));
    claims = Map.copyOf(usable);
  }

  /** Without its names and claims: they are nobody's who reads a log. */
  @Override
  public String toString() {
    return "WillOwner[]";
  }

  @Override
  public @Nullable String claim(String name) {
    return claims.get(name);
  }
}
