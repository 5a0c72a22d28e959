package io.vmqtt.store.shard;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which gateways have been away for so long that their attachments end. Safe for any thread.
 *
 * <p>After the first leadership of the process gateways get longer: they must find their way back
 * first, and discovery must.
 */
public final class GatewayWatch {
  private final long detectionMillis;
  private final long graceMillis;
  private final Map<Long, Long> absentSince = new ConcurrentHashMap<>();
  private final AtomicLong graceUntilMillis = new AtomicLong();
  private volatile Set<Long> present = Set.of();

  /**
   * @param detectionMillis how long a gateway may be away
   * @param graceMillis for so long after the first leadership nobody is given up
   */
  public GatewayWatch(long detectionMillis, long graceMillis) {
    this.detectionMillis = detectionMillis;
    this.graceMillis = graceMillis;
  }

  /** A leadership of this process begins. */
  void begin(long nowMillis) {
    graceUntilMillis.compareAndSet(0, nowMillis + graceMillis);
  }

  /** These gateways are in discovery, by process number. */
  public void present(Set<Long> gateways) {
    present = Set.copyOf(gateways);
    absentSince.keySet().removeAll(present);
  }

  /** Whether the gateway is given up. */
  boolean isGone(long gateway, long nowMillis) {
    if (present.contains(gateway)) {
      return false;
    }
    long since = absentSince.computeIfAbsent(gateway, first -> nowMillis);
    return nowMillis >= graceUntilMillis.get() && nowMillis - since >= detectionMillis;
  }

  /** Forgets whom nobody asks about. */
  void forgetAllBut(Set<Long> gateways) {
    if (absentSince.size() > 2 * gateways.size() + 1024) {
      absentSince.keySet().retainAll(gateways);
    }
  }
}
