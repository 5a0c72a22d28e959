package io.vmqtt.cluster.node;

import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.Answers;
import java.util.Map;

/**
 * What this process is in the cluster. A role implements it as a bean; {@link NodeAnnouncement}
 * then makes it known to the others.
 *
 * <p>The methods are first asked when the beans are built, and from then on for every status: what
 * they name must serve by then and does not change, but for what {@link #whenChanged} tells of.
 */
public interface LocalNode {

  /**
   * Names the process: random per start ({@link NodeId#random}), except for a store, whose id is
   * kept in its data folder.
   */
  String id();

  Role role();

  /**
   * Where the process serves gRPC, from the first call on at the latest; 0 where it serves none.
   */
  int grpcPort();

  /**
   * More facts for people and tools: letters, digits and {@code -} in the keys; a key that ends in
   * {@code -port}, such as {@link io.vmqtt.cluster.discovery.Node#MQTT_PORT}, is shown as a tag
   * too. Never a secret.
   */
  default Map<String, String> meta() {
    return Map.of();
  }

  /** What operators can ask of it, and have it do. */
  default Answers answers() {
    return Answers.NONE;
  }

  /**
   * Where {@link #meta} may say something else one day: has somebody told of it, and at once, in
   * case that it does so already. From any thread.
   */
  default void whenChanged(Runnable told) {}
}
