package io.vmqtt.cluster.discovery;

import com.ecwid.consul.v1.ConsulClient;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.Response;
import com.ecwid.consul.v1.health.HealthServicesRequest;
import com.ecwid.consul.v1.health.model.HealthService;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.consul.Watch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Discovery through Consul: every node is a service under its role's name with a health check on
 * its HTTP port, and whoever passes it is seen by the watches of all others.
 *
 * <p>A process that dies stops passing within one interval of the check; one that withdraws is gone
 * at once. Safe from any thread.
 */
public final class ConsulDiscovery implements Discovery, Membership {
  private final Consul consul;
  private final ServiceAnnouncer announcer;
  private final ExecutorService notifier =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("discovery").factory());
  private final Map<Role, Watched<Set<Node>>> healthy = new EnumMap<>(Role.class);
  private final List<Watch> watches = new ArrayList<>();
  private final Map<String, Announcement> announcements = new HashMap<>();

  /**
   * Asks nothing until somebody watches or registers.
   *
   * @param consul stays open when this is closed
   */
  public ConsulDiscovery(Consul consul, ServiceAnnouncer announcer) {
    this.consul = consul;
    this.announcer = announcer;
  }

  @Override
  public synchronized Registration watch(Role role, Consumer<Set<Node>> listener) {
    return healthy.computeIfAbsent(role, this::startWatch).watch(listener);
  }

  private Watched<Set<Node>> startWatch(Role role) {
    Watched<Set<Node>> nodes = new Watched<>(notifier);
    watches.add(
        consul.watch(
            "watch-" + role.serviceName(),
            (client, params) -> services(client, role, true, params),
            services -> nodes.set(nodesOf(role, services))));
    return nodes;
  }

  private static Response<List<HealthService>> services(
      ConsulClient client, Role role, boolean passingOnly, QueryParams params) {
    return client.getHealthServices(
        role.serviceName(),
        HealthServicesRequest.newBuilder().setPassing(passingOnly).setQueryParams(params).build());
  }

  private static Set<Node> nodesOf(Role role, List<HealthService> services) {
    Set<Node> nodes = new HashSet<>();
    for (HealthService service : services) {
      ConsulServices.nodeOf(role, service.getService()).ifPresent(nodes::add);
    }
    return Set.copyOf(nodes);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the node serves no HTTP: its health could not be seen
   */
  @Override
  public Announced register(Node self) {
    ServiceEntry service = ConsulServices.serviceOf(self);
    Announcement announcement = new Announcement(consul, announcer, service);
    synchronized (this) {
      if (announcements.putIfAbsent(service.id(), announcement) != null) {
        throw new IllegalStateException("node " + self.id() + " is registered already");
      }
    }
    announcement.start();
    return new Announced() {
      @Override
      public void update(Node now) {
        announcement.update(ConsulServices.serviceOf(now));
      }

      @Override
      public void close() {
        announcement.close();
        synchronized (ConsulDiscovery.this) {
          announcements.remove(service.id(), announcement);
        }
      }
    };
  }

  @Override
  public List<Member> members() throws IOException {
    List<Member> members = new ArrayList<>();
    for (Role role : Role.values()) {
      Response<List<HealthService>> services =
          consul.ask(client -> services(client, role, false, QueryParams.DEFAULT));
      for (HealthService service : services.getValue()) {
        ConsulServices.nodeOf(role, service.getService())
            .map(node -> new Member(node, ConsulServices.healthOf(service)))
            .ifPresent(members::add);
      }
    }
    members.sort(Member.BY_ROLE_AND_ID);
    return List.copyOf(members);
  }

  @Override
  public void close() {
    List<Announcement> open;
    synchronized (this) {
      watches.forEach(Watch::close);
      open = List.copyOf(announcements.values());
      announcements.clear();
    }
    open.forEach(Announcement::close);
    notifier.shutdownNow();
  }
}
