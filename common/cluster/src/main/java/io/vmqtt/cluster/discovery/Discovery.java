package io.vmqtt.cluster.discovery;

import java.util.Set;
import java.util.function.Consumer;

/** How a process finds the others of its cluster and is found by them. */
public interface Discovery extends AutoCloseable {

  /**
   * Calls {@code listener} with the healthy nodes of that role, as soon as they are known and after
   * every change, until the registration is closed. A node that withdraws and comes back between
   * two calls may go unnoticed: the listener hears the newest set, not every step to it.
   *
   * <p>All listeners of one {@code Discovery} are called by one thread of it, never concurrently
   * and never from within this method; they should hand long work on. While the source of knowledge
   * is out of reach the last known set stands. When it is back it may lack nodes that live, even
   * all of them, until they have registered again or passed a check: who has a live link to a node
   * goes by the link.
   *
   * @param listener gets an immutable set; what it throws is logged and otherwise ignored
   */
  Registration watch(Role role, Consumer<Set<Node>> listener);

  /**
   * Makes this process known to the others, under its role. Returns at once: where the source of
   * knowledge is out of reach, the announcement follows when it is back. Closing the registration
   * withdraws the node at once.
   *
   * @throws IllegalStateException if a node of that role and id is registered here already
   */
  Announced register(Node self);

  /** A node that is made known. Closing it withdraws the node. */
  interface Announced extends Registration {
    /**
     * The node says something else of itself from now on. Others see no gap: it is there, with the
     * one or the other.
     *
     * @param self of the same role and id
     */
    void update(Node self);
  }

  /** Ends all watches and withdraws all nodes registered here. */
  @Override
  void close();
}
