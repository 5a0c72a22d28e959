package io.vmqtt.cluster.node;

import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.wire.Channels;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How the roles of this process are linked with others: over a network, or among themselves. */
public interface RoleLinks {

  /** The ends of the links of a role that has its identity from here. */
  LinkEnds ends(Role role);

  /** What reaches the others. */
  Channels channels();

  /** Bounds and times of links here. */
  LinkOptions options();

  /** The one thread that all links run on; null where there are several. */
  @Nullable Executor thread();
}
