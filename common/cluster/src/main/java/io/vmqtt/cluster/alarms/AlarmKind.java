package io.vmqtt.cluster.alarms;

import java.time.Duration;
import java.util.Locale;

/**
 * What an alarm can be about, how long it has to be so before one is raised, and how long it must
 * not be so before it is cleared.
 */
public enum AlarmKind {
  /** Fewer than a majority of the stores of a shard are there. */
  SHARD_WITHOUT_MAJORITY(8, 10),
  /** A majority is there, and nobody leads. */
  SHARD_WITHOUT_LEADER(8, 10),
  /** A process that Consul lists as ill, or a store of the shard map that is not there. */
  NODE_DOWN(8, 0),
  /** A process that Consul lists as healthy and that does not tell its figures. */
  NODE_SILENT(15, 0),
  /** Processes run different versions. */
  VERSION_SKEW(60, 10),
  /** The clock of a process and that of the registry differ. */
  CLOCK_SKEW(8, 30),
  /** There is little room on the disk. */
  DISK_LOW(0, 30),
  /** A certificate expires soon, or has. */
  CERTIFICATE_EXPIRES(0, 0),
  /** Queues of sessions are nearly full. */
  QUEUE_NEAR_BOUND(0, 10),
  /** Links between processes break again and again. */
  LINK_FLAPPING(0, 60),
  /** Of a later version, which has more of them. */
  OTHER(0, 0);

  private final Duration raiseAfter;
  private final Duration clearAfter;

  AlarmKind(int raiseAfterSeconds, int clearAfterSeconds) {
    this.raiseAfter = Duration.ofSeconds(raiseAfterSeconds);
    this.clearAfter = Duration.ofSeconds(clearAfterSeconds);
  }

  /** How long it has to be so. */
  public Duration raiseAfter() {
    return raiseAfter;
  }

  /** How long it must not be so. */
  public Duration clearAfter() {
    return clearAfter;
  }

  /** As people and JSON have it: {@code disk-low}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one with that label, or else {@link #OTHER}. */
  public static AlarmKind of(String label) {
    for (AlarmKind kind : values()) {
      if (kind.label().equals(label)) {
        return kind;
      }
    }
    return OTHER;
  }
}
