package io.vmqtt.systemtests.cluster;

import io.vmqtt.faultydisk.RecordedDisk;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What may befall a cluster. */
enum Fault {
  KILL_STORE(Way.KILL, Kind.STORE),
  LOSE_DISK(Way.KILL_AND_LOSE_DISK, Kind.STORE),
  POWER_OFF_STORE(Way.POWER_OFF, Kind.STORE),
  POWER_OFF_ALL(Way.POWER_OFF_ALL, Kind.STORE),
  FSYNC_FAILS(Way.FAIL_SYNC, Kind.STORE),
  BIT_FLIP(Way.DAMAGE, Kind.STORE),
  TRUNCATE(Way.DAMAGE, Kind.STORE),
  TORN_WRITE(Way.DAMAGE, Kind.STORE),
  FILL_DISK(Way.FILL_DISK, Kind.STORE),
  PAUSE_STORE(Way.PAUSE, Kind.STORE),
  KILL_ROUTER(Way.KILL, Kind.ROUTER),
  PAUSE_ROUTER(Way.PAUSE, Kind.ROUTER),
  STOP_ROUTER(Way.RESTART, Kind.ROUTER),
  KILL_GATEWAY(Way.KILL, Kind.GATEWAY),
  PAUSE_GATEWAY(Way.PAUSE, Kind.GATEWAY),
  STOP_GATEWAY(Way.RESTART, Kind.GATEWAY),
  UNPLUG_STORE(Way.UNPLUG, Kind.STORE),
  UNPLUG_ROUTER(Way.UNPLUG, Kind.ROUTER),
  UNPLUG_GATEWAY(Way.UNPLUG, Kind.GATEWAY),
  CUT_STORE_FROM_STORE(Kind.STORE, Kind.STORE),
  CUT_ROUTER_FROM_STORE(Kind.ROUTER, Kind.STORE),
  CUT_GATEWAY_FROM_ROUTER(Kind.GATEWAY, Kind.ROUTER),
  ROLLING_RESTART(Way.RESTART_ALL, Kind.STORE);

  private final Way way;
  private final Kind victims;
  private final @Nullable Kind others;

  /** How it is done. */
  enum Way {
    KILL,
    KILL_AND_LOSE_DISK,
    /** What it wrote and did not sync is gone, or torn. */
    POWER_OFF,
    /** The same for every store, at one moment. */
    POWER_OFF_ALL,
    /** The disk once says that it could not save what it was to save, and it has not. */
    FAIL_SYNC,
    /** Killed, and one of its files is not as it was when it starts again. */
    DAMAGE,
    /** Its disk has less room for a while than it needs. */
    FILL_DISK,
    /** Stopped in its tracks for a while. */
    PAUSE,
    /** Stopped in order, and started again. */
    RESTART,
    /** Every process, one after the other, beginning with the stores. */
    RESTART_ALL,
    /** Cut off from everybody for a while: clients, Consul, all other processes. */
    UNPLUG,
    /** For a while nothing passes between two processes; both reach all others. */
    CUT;

    /** Whether it can be done to processes of a cluster. */
    private boolean isPossibleIn(ClusterProcesses cluster) {
      return switch (this) {
        case UNPLUG, CUT -> cluster.isNetworked();
        case POWER_OFF, POWER_OFF_ALL, FAIL_SYNC -> RecordedDisk.isPossible();
        case FILL_DISK -> cluster.all(Kind.STORE).getFirst().disk().isPresent();
        default -> true;
      };
    }
  }

  Fault(Way way, Kind victims) {
    this.way = way;
    this.victims = victims;
    this.others = null;
  }

  Fault(Kind victims, Kind others) {
    this.way = Way.CUT;
    this.victims = victims;
    this.others = others;
  }

  /** Those that are asked for by name, or all that are possible. */
  static List<Fault> wanted(String names, ClusterProcesses cluster) {
    return names.isBlank()
        ? Stream.of(values()).filter(fault -> fault.way.isPossibleIn(cluster)).toList()
        : Stream.of(names.split(",")).map(Fault::valueOf).toList();
  }

  Way way() {
    return way;
  }

  /**
   * Whether every client can connect and publish while it lasts: not through a gateway that sleeps,
   * or is cut off, and not if there is no room.
   */
  boolean letsNewcomersIn() {
    return victims != Kind.GATEWAY && way != Way.FILL_DISK;
  }

  /** The role that it befalls. */
  Kind victims() {
    return victims;
  }

  /** The role of the process at the other end of a link that is cut. */
  Kind others() {
    if (others == null) {
      throw new IllegalStateException(this + " has one victim only");
    }
    return others;
  }
}
