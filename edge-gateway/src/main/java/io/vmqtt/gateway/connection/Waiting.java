package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.memory.LoopMemory;
import java.util.ArrayDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries of one connection that wait, in order, and the account of their bytes: for this
 * client, each message counts; for the event loop, a message counts once, for however many clients
 * it waits.
 *
 * @param <D> a delivery
 */
final class Waiting<D> {
  /** What an entry costs beside its message. */
  private static final int ENTRY_BYTES = 64;

  // Small at first: of most connections nothing ever waits.
  private final ArrayDeque<D> entries = new ArrayDeque<>(1);
  private final LoopMemory memory;
  private final Function<D, ClientOutput.@Nullable Outgoing> message;
  private long bytes;

  /** Counts in {@code memory} what of each delivery {@code message} gives. */
  Waiting(LoopMemory memory, Function<D, ClientOutput.@Nullable Outgoing> message) {
    this.memory = memory;
    this.message = message;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }

  long bytes() {
    return bytes;
  }

  void add(D delivery) {
    entries.addLast(delivery);
    bytes += ENTRY_BYTES;
    memory.add(ENTRY_BYTES);
    ClientOutput.Outgoing kept = message.apply(delivery);
    if (kept != null) {
      bytes += kept.keptBytes();
      memory.keep(kept, kept.keptBytes());
    }
  }

  /** The next one; there must be one. */
  D first() {
    return entries.getFirst();
  }

  /** Takes the next one; there must be one. */
  D remove() {
    D delivery = entries.removeFirst();
    bytes -= ENTRY_BYTES;
    memory.add(-ENTRY_BYTES);
    ClientOutput.Outgoing kept = message.apply(delivery);
    if (kept != null) {
      bytes -= kept.keptBytes();
      memory.letGo(kept, kept.keptBytes());
    }
    return delivery;
  }

  void clear() {
    while (!entries.isEmpty()) {
      remove();
    }
  }
}
