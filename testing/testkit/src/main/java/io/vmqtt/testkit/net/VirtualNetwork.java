package io.vmqtt.testkit.net;

import io.vmqtt.testkit.machine.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network within this machine, with cables that can be pulled: each host is a network namespace
 * of Linux. What a cut does to a process is what it does between machines: packets vanish, and
 * nobody is told.
 */
public final class VirtualNetwork implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(VirtualNetwork.class);
  private static final String NETMASK = "/24";
  private static final String SWITCH = "switch";
  private static final String UPLINK = "uplink";

  private final String switchNamespace;
  private final String prefix;
  private final List<Host> hosts = new ArrayList<>();

  private VirtualNetwork(String switchNamespace, String prefix) {
    this.switchNamespace = switchNamespace;
    this.prefix = prefix;
  }

  /**
   * Builds a network that reaches this machine, and nothing beyond it.
   *
   * @return nothing where that cannot be: it takes Linux, root and {@code ip}
   */
  public static Optional<VirtualNetwork> create() {
    long pid = ProcessHandle.current().pid();
    // 198.18.0.0/15 is for tests, and for nothing else (RFC 2544).
    String prefix = "198." + (18 + (pid >> 8 & 1)) + "." + (pid & 0xff) + ".";
    VirtualNetwork network = new VirtualNetwork("vmq" + pid, prefix);
    try {
      ip("netns add " + network.switchNamespace);
    } catch (Command.FailedException e) {
      log.warn("no virtual network here, it takes root and iproute2: {}", e.getMessage());
      return Optional.empty();
    }
    network.connectThisMachine();
    return Optional.of(network);
  }

  /** The switch has a namespace of its own: this machine's firewall has no say in it. */
  private void connectThisMachine() {
    ip("-n " + switchNamespace + " link add " + SWITCH + " type bridge");
    ip("-n " + switchNamespace + " link set " + SWITCH + " up");
    ip("link add " + switchNamespace + " type veth peer " + UPLINK + " netns " + switchNamespace);
    ip("address add " + address() + NETMASK + " dev " + switchNamespace);
    ip("link set " + switchNamespace + " up");
    connect(UPLINK);
  }

  private void connect(String port) {
    ip("-n " + switchNamespace + " link set " + port + " master " + SWITCH);
    ip("-n " + switchNamespace + " link set " + port + " up");
  }

  /** Where its hosts find this machine. */
  public String address() {
    return prefix + 1;
  }

  /** Adds a host. */
  public Host attach() {
    int number = hosts.size() + 2;
    Host host = new Host("port" + number, switchNamespace + "-" + number, prefix + number);
    hosts.add(host);
    connect(host.port);
    return host;
  }

  @Override
  public void close() {
    hosts.forEach(host -> ip("netns delete " + host.namespace));
    ip("link delete " + switchNamespace);
    ip("netns delete " + switchNamespace);
  }

  /** A host of the network. */
  public final class Host {
    private final String port;
    private final String namespace;
    private final String address;

    private Host(String port, String namespace, String address) {
      this.port = port;
      this.namespace = namespace;
      this.address = address;
      ip("netns add " + namespace);
      ip("-n " + namespace + " link add eth0 type veth peer " + port + " netns " + switchNamespace);
      ip("-n " + namespace + " address add " + address + NETMASK + " dev eth0");
      ip("-n " + namespace + " link set eth0 up");
      ip("-n " + namespace + " link set lo up");
    }

    /** Where the others find it. */
    public String address() {
      return address;
    }

    /** What to put before a command so that it runs on this host. */
    public List<String> launcher() {
      return List.of("ip", "netns", "exec", namespace);
    }

    /** Cuts it off from everybody. */
    public void unplug() {
      ip("-n " + switchNamespace + " link set " + port + " down");
    }

    /** The end of {@link #unplug}. */
    public void plugIn() {
      ip("-n " + switchNamespace + " link set " + port + " up");
    }

    /** Nothing passes between the two any more. */
    public void cutFrom(Host other) {
      ip("-n " + namespace + " route add blackhole " + other.address);
      ip("-n " + other.namespace + " route add blackhole " + address);
    }

    /** The end of {@link #cutFrom}. */
    public void reconnectWith(Host other) {
      ip("-n " + namespace + " route delete blackhole " + other.address);
      ip("-n " + other.namespace + " route delete blackhole " + address);
    }
  }

  private static void ip(String arguments) {
    Command.run(("ip " + arguments).split(" "));
  }
}
