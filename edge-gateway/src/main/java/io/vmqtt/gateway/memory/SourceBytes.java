package io.vmqtt.gateway.memory;

import io.vmqtt.cluster.bans.Network;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is kept for strangers, by where they come from: so that one of them leaves room for others.
 * By any thread.
 */
public final class SourceBytes {
  private final long mostOfOne;
  private final Map<Object, Long> kept = new ConcurrentHashMap<>();

  /** So much may be kept for one source. */
  public SourceBytes(long mostOfOne) {
    this.mostOfOne = mostOfOne;
  }

  /**
   * Where somebody comes from, as {@link Network#source} counts; all whose address is not known.
   */
  public static Object source(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? Network.source(inet.getAddress())
        : "";
  }

  /** Keeps so much more; false, and nothing is kept: it would be too much. */
  public boolean add(Object source, long bytes) {
    if (kept.merge(source, bytes, Long::sum) <= mostOfOne) {
      return true;
    }
    remove(source, bytes);
    return false;
  }

  /** Keeps so much less. */
  public void remove(Object source, long bytes) {
    kept.computeIfPresent(source, (_, all) -> all == bytes ? null : all - bytes);
  }

  /** How many sources there are. */
  public int sources() {
    return kept.size();
  }
}
