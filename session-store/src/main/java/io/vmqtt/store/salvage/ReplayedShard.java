package io.vmqtt.store.salvage;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.storage.v1.Entry;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.store.delivery.QueueReader;
import io.vmqtt.store.leading.Pending;
import io.vmqtt.store.session.Estate;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.shard.ShardCounts;
import io.vmqtt.store.shard.StateMachine;
import io.vmqtt.store.storage.RocksStorage;
import io.vmqtt.store.storage.StorageMemory;
import io.vmqtt.store.wire.Commands;
import io.vmqtt.store.wire.LoggedCommands;
import io.vmqtt.store.wire.WireContent;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A shard that goes on by its log, as far as it can, in tables that nobody else has open. */
public final class ReplayedShard implements AutoCloseable {
  private static final long CACHE_BYTES = 8 << 20;
  private static final int PAGE_MESSAGES = 256;
  private static final int PAGE_BYTES = 4 << 20;

  /** Of entries that do not say by which bounds they were decided; this version writes none. */
  private static final QueueLimits NO_LIMITS =
      new QueueLimits(
          Integer.MAX_VALUE, Long.MAX_VALUE, QueueLimits.Overflow.DROP_OLDEST, Long.MAX_VALUE);

  private final int number;
  private final StorageMemory memory = new StorageMemory(CACHE_BYTES, CACHE_BYTES);
  private final RocksStorage storage;
  private final StateMachine machine;
  private final List<String> losses = new ArrayList<>();

  /** Opens the tables, or begins them. */
  public ReplayedShard(int number, Path tables) {
    this.number = number;
    this.storage = RocksStorage.open(tables, memory);
    this.machine = new StateMachine(number, storage, 0, NO_LIMITS, new ShardCounts());
  }

  /** Why it could not go on. */
  List<String> losses() {
    return losses;
  }

  /**
   * Applies an entry, if all before it were.
   *
   * @return whether the tables have it now
   */
  public boolean takes(long term, long index, @Nullable ByteBuffer content) {
    long applied = machine.appliedIndex();
    if (index <= applied) {
      return true;
    }
    // The first entry of a log that was cut is behind the tables' last, or there never was one.
    boolean isNext = index == applied + 1 || (applied == 0 && index == 0);
    if (!isNext || !losses.isEmpty()) {
      return false;
    }
    try {
      if (content == null) {
        machine.advance(term, index);
      } else {
        apply(term, index, Entry.parseFrom(content.duplicate()));
      }
      return true;
    } catch (RuntimeException | InvalidProtocolBufferException e) {
      losses.add("shard " + number + ": entry " + index + " of its log: " + e.getMessage());
      return false;
    }
  }

  private void apply(long term, long index, Entry entry) {
    List<Pending> commands = new ArrayList<>(entry.getCommandsCount());
    for (LoggedCommand logged : entry.getCommandsList()) {
      commands.add(new Pending(Commands.of(logged), logged, null));
    }
    machine.apply(term, index, commands, entry.getTimeMillis(), LoggedCommands.limits(entry));
  }

  /** The term of the last entry that the tables have; 0: none. */
  public long term() {
    return storage.applied().getTerm();
  }

  /** The last entry that the tables have. */
  public long index() {
    return storage.applied().getIndex();
  }

  /** From now on they have all of that on the disk. */
  public void flush() {
    storage.flush();
  }

  void retained(Consumer<Message> reader) {
    storage.scan(
        "",
        publication -> {
          reader.accept(WireContent.message(publication));
          return true;
        });
  }

  /** Takes messages of queues; of a session that has ended the client id is empty. */
  @FunctionalInterface
  interface Queued {
    void message(long session, String clientId, long sequence, int qos, Message message);
  }

  void queued(Queued reader) {
    for (Session session : machine.state().sessions()) {
      read(session.number(), session.header().clientId(), reader);
    }
    for (Estate estate : machine.state().estates()) {
      read(estate.session(), "", reader);
    }
  }

  private void read(long session, String clientId, Queued reader) {
    long next = 0;
    List<QueueReader.Entry> page;
    do {
      page = storage.read(session, next, PAGE_MESSAGES, PAGE_BYTES);
      for (QueueReader.Entry entry : page) {
        if (entry.publication() != null) {
          reader.message(
              session,
              clientId,
              entry.sequence(),
              entry.delivery().qos().value(),
              WireContent.message(entry.publication()));
        }
        next = entry.sequence() + 1;
      }
    } while (!page.isEmpty());
  }

  @Override
  public void close() {
    storage.close();
    memory.close();
  }
}
