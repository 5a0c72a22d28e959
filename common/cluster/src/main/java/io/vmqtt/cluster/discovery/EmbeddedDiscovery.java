package io.vmqtt.cluster.discovery;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Discovery among the roles of one process: whoever is registered is healthy. Used by the
 * one-process form and by tests; safe from any thread.
 */
public final class EmbeddedDiscovery implements Discovery, Membership {
  private final ExecutorService notifier =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("discovery").factory());
  private final Map<Key, Node> nodes = new LinkedHashMap<>();
  private final Map<Role, Watched<Set<Node>>> byRole = new EnumMap<>(Role.class);

  /** An id names a node only among those of its role. */
  private record Key(Role role, String id) {
    Key(Node node) {
      this(node.role(), node.id());
    }
  }

  public EmbeddedDiscovery() {
    for (Role role : Role.values()) {
      Watched<Set<Node>> nobody = new Watched<>(notifier);
      nobody.set(Set.of());
      byRole.put(role, nobody);
    }
  }

  @Override
  public Registration watch(Role role, Consumer<Set<Node>> listener) {
    return watched(role).watch(listener);
  }

  @Override
  public Announced register(Node self) {
    synchronized (nodes) {
      if (nodes.putIfAbsent(new Key(self), self) != null) {
        throw new IllegalStateException("node " + self.id() + " is registered already");
      }
      publish(self.role());
    }
    return new Entry(self);
  }

  /** One that is registered, and as what. */
  private final class Entry implements Announced {
    private Node self;
    private boolean open = true;

    Entry(Node self) {
      this.self = self;
    }

    @Override
    public void update(Node now) {
      synchronized (nodes) {
        if (open) {
          self = now;
          nodes.put(new Key(now), now);
          publish(now.role());
        }
      }
    }

    @Override
    public void close() {
      synchronized (nodes) {
        if (open) {
          open = false;
          nodes.remove(new Key(self));
          publish(self.role());
        }
      }
    }
  }

  /** Called under the lock, so that sets are published in the order in which they came to be. */
  private void publish(Role role) {
    Set<Node> members = new HashSet<>();
    for (Node node : nodes.values()) {
      if (node.role() == role) {
        members.add(node);
      }
    }
    watched(role).set(Set.copyOf(members));
  }

  private Watched<Set<Node>> watched(Role role) {
    Watched<Set<Node>> watched = byRole.get(role);
    if (watched == null) {
      throw new IllegalStateException("no such role: " + role);
    }
    return watched;
  }

  /** Never fails: the source of knowledge is this object. */
  @Override
  public List<Member> members() {
    synchronized (nodes) {
      return nodes.values().stream()
          .map(node -> new Member(node, Member.Health.PASSING))
          .sorted(Member.BY_ROLE_AND_ID)
          .toList();
    }
  }

  @Override
  public void close() {
    notifier.shutdownNow();
  }
}
