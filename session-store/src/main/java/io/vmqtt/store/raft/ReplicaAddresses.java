package io.vmqtt.store.raft;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.vmqtt.store.log.Replica;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether replicas can reach one another at the addresses that they announce. A replica's address
 * is for life, so a wrong one must not get into a group.
 */
public final class ReplicaAddresses {
  private static final String REMEDY =
      ": start each with an --advertise-host that the others reach";

  private ReplicaAddresses() {}

  /** What is wrong with them, if it can be seen: one line that says what to do. */
  public static Optional<String> mistake(List<Replica> replicas) {
    Map<String, String> owners = new HashMap<>();
    for (Replica replica : replicas) {
      String other = owners.putIfAbsent(replica.address(), replica.nodeId());
      if (other != null) {
        return Optional.of(
            "stores "
                + other
                + " and "
                + replica.nodeId()
                + " both say "
                + replica.address()
                + REMEDY);
      }
    }
    List<Replica> local =
        replicas.stream().filter(replica -> isLoopback(replica.address())).toList();
    return local.isEmpty() || local.size() == replicas.size()
        ? Optional.empty()
        : Optional.of(
            "store "
                + local.getFirst().nodeId()
                + " says "
                + local.getFirst().address()
                + ", and other replicas are not on its machine"
                + REMEDY);
  }

  private static boolean isLoopback(String address) {
    String host = HostAndPort.fromString(address).getHost();
    return InetAddresses.isInetAddress(host)
        ? InetAddresses.forString(host).isLoopbackAddress()
        : host.equals("localhost");
  }
}
