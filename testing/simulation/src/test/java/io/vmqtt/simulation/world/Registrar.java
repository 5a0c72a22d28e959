package io.vmqtt.simulation.world;

import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.testkit.time.VirtualTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Knows who is there, as Consul does: by asking each process now and then. */
public final class Registrar {
  private static final String HOST = "registrar";
  private static final long CHECK_MILLIS = 1_000;

  /** A process that has not answered so many checks is left out. */
  private static final int MISSED_CHECKS = 2;

  /** And one that has not answered so many is forgotten. */
  private static final int FORGOTTEN_CHECKS = 10;

  private final VirtualTime time;
  private final Network network;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final List<Watcher> watchers = new ArrayList<>();

  private static final class Member {
    final Node node;
    final SimulatedProcess process;
    int missed;

    Member(Node node, SimulatedProcess process) {
      this.node = node;
      this.process = process;
    }
  }

  private final class Watcher {
    final Role role;
    final SimulatedProcess process;
    final Consumer<Set<Node>> listener;
    final Pipe pipe;
    Set<Node> told = Set.of();
    boolean heard;

    Watcher(Role role, SimulatedProcess process, Consumer<Set<Node>> listener) {
      this.role = role;
      this.process = process;
      this.listener = listener;
      this.pipe = network.pipe(HOST, process);
    }

    void tell() {
      pipe.send(
          () -> {
            Set<Node> now = healthy(role);
            if (!heard || !now.equals(told)) {
              heard = true;
              told = now;
              listener.accept(now);
            }
          });
    }
  }

  /** Knows nobody. */
  public Registrar(VirtualTime time, Network network) {
    this.time = time;
    this.network = network;
    var _ =
        time.timer(Runnable::run)
            .scheduleWithFixedDelay(
                this::checkAll, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void checkAll() {
    boolean changed = false;
    for (Member member : List.copyOf(members.values())) {
      boolean answers = member.process.isAwake() && network.connects(HOST, member.process.host());
      int before = member.missed;
      member.missed = answers ? 0 : before + 1;
      changed |= (before >= MISSED_CHECKS) != (member.missed >= MISSED_CHECKS);
      if (member.missed > FORGOTTEN_CHECKS && member.process.isDead()) {
        members.remove(member.node.id(), member);
      }
    }
    watchers.removeIf(watcher -> watcher.process.isDead());
    if (changed) {
      tellAll();
    }
  }

  private void tellAll() {
    watchers.forEach(Watcher::tell);
  }

  private Set<Node> healthy(Role role) {
    Set<Node> nodes = new LinkedHashSet<>();
    for (Member member : members.values()) {
      if (member.node.role() == role && member.missed < MISSED_CHECKS) {
        nodes.add(member.node);
      }
    }
    return nodes;
  }

  /** How a process finds the others. */
  public Discovery discovery(SimulatedProcess process) {
    return new Discovery() {
      @Override
      public Registration watch(Role role, Consumer<Set<Node>> listener) {
        Watcher watcher = new Watcher(role, process, listener);
        watchers.add(watcher);
        watcher.tell();
        return () -> watchers.remove(watcher);
      }

      @Override
      public Announced register(Node self) {
        announce(self);
        return new Announced() {
          @Override
          public void update(Node now) {
            announce(now);
          }

          @Override
          public void close() {
            members.remove(self.id());
          }
        };
      }

      private void announce(Node self) {
        time.after(
            network.latencyNanos(),
            () -> {
              members.put(self.id(), new Member(self, process));
              tellAll();
            });
      }

      @Override
      public void close() {}
    };
  }
}
