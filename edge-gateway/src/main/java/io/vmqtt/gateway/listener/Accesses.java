package io.vmqtt.gateway.listener;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.gateway.config.ListenerConfig;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** The access control of all listeners. Used by one thread at a time. */
public interface Accesses {
  /**
   * That of one.
   *
   * @throws IOException if it cannot be, for a file for example; the message says why
   */
  Access of(ListenerConfig listener) throws IOException;

  /** Hears of what has changed about listeners, for those who have to know later. By any thread. */
  void tell(Change change);

  /**
   * Lets go of what none of these needs.
   *
   * @return what is left to do for that, which may wait for others, by any thread
   */
  List<Runnable> keepOnly(Collection<ListenerConfig> listeners);
}
