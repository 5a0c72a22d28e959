package io.vmqtt.store.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.proto.storage.v1.Applied;
import io.vmqtt.proto.storage.v1.Marks;
import io.vmqtt.proto.storage.v1.QueueRecord;
import io.vmqtt.store.session.Backlog;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.SessionHeader;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.wire.Records;
import io.vmqtt.store.wire.WireContent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/** A shard's tables in RocksDB. */
public final class RocksStorage implements ShardStorage {
  /** The key of what of the log is in the tables. */
  static final byte[] APPLIED = "applied".getBytes(StandardCharsets.UTF_8);

  /** From so many entries on a queue is deleted as a range: one tombstone instead of many. */
  private static final int RANGE_DELETE_ENTRIES = 32;

  private final Path folder;
  private final StorageMemory memory;

  /** Held exclusively while the tables are exchanged, shared by the other threads that use them. */
  private final ReadWriteLock exchange = new ReentrantReadWriteLock();

  private volatile Tables tables;
  private final WriteBatch batch = new WriteBatch();
  private final Set<Long> marked = new HashSet<>();

  private RocksStorage(Path folder, StorageMemory memory) {
    this.folder = folder;
    this.memory = memory;
    this.tables = Tables.open(folder, memory);
  }

  /**
   * Opens the tables, or creates them.
   *
   * @throws StorageException if that fails
   */
  public static RocksStorage open(Path folder, StorageMemory memory) {
    return new RocksStorage(folder, memory);
  }

  @Override
  public Applied applied() {
    try {
      byte[] bytes = tables.get(Table.META, APPLIED);
      return bytes == null ? Applied.getDefaultInstance() : Applied.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new StorageException("the applied index is damaged", e);
    }
  }

  @Override
  public void load(ShardState state) {
    new StateLoader(tables).load(state);
    Applied applied = applied();
    state.restoreCounters(applied.getLastNumber(), applied.getTurn());
    state.restored();
  }

  @Override
  public void stage(Change change, ShardState state) {
    try {
      stageChecked(change, state);
    } catch (RocksDBException e) {
      throw new StorageException("cannot stage a change", e);
    }
  }

  @Override
  public void stageBodyRemoved(long body) {
    try {
      batch.delete(tables.family(Table.BODIES), Keys.of(body));
    } catch (RocksDBException e) {
      throw new StorageException("cannot stage a change", e);
    }
  }

  @Override
  public int retainedBytes(String topic) {
    byte[] message = tables.get(Table.RETAINED, topic.getBytes(StandardCharsets.UTF_8));
    return message == null ? 0 : WireContent.read(message).bytes();
  }

  @Override
  public void commit(long term, long index, ShardState state) {
    try {
      for (long number : marked) {
        Session session = state.session(number);
        if (session != null) {
          Marks marks =
              Marks.newBuilder()
                  .setLastSequence(session.lastSequence())
                  .setLastInbound(session.lastInbound())
                  .setDropped(session.dropped())
                  .build();
          batch.put(tables.family(Table.MARKS), Keys.of(number), marks.toByteArray());
        }
      }
      marked.clear();
      Applied applied =
          Applied.newBuilder()
              .setTerm(term)
              .setIndex(index)
              .setLastNumber(state.lastNumber())
              .setTurn(state.turn())
              .build();
      batch.put(tables.family(Table.META), APPLIED, applied.toByteArray());
      tables.write(batch);
      batch.clear();
    } catch (RocksDBException e) {
      throw new StorageException("cannot write to " + tables.folder(), e);
    }
  }

  @Override
  public void flush() {
    sharing(() -> tables.flush());
  }

  @Override
  public List<Path> files() {
    List<Path> files = new ArrayList<>();
    sharing(() -> files.addAll(tables.files()));
    return files;
  }

  @Override
  public void checkpoint(Path target) {
    sharing(() -> tables.checkpoint(target));
  }

  @Override
  public void restore(Path checkpoint) {
    Path prepared = CheckpointFiles.prepare(folder, checkpoint);
    exchange(() -> CheckpointFiles.replace(folder, prepared));
  }

  @Override
  public void reopen() {
    exchange(() -> {});
  }

  private void exchange(Runnable whileClosed) {
    Lock lock = exchange.writeLock();
    lock.lock();
    try {
      batch.clear();
      marked.clear();
      tables.close();
      whileClosed.run();
      tables = Tables.open(folder, memory);
    } finally {
      lock.unlock();
    }
  }

  private void sharing(Runnable use) {
    Lock lock = exchange.readLock();
    lock.lock();
    try {
      tables.requireOpen();
      use.run();
    } finally {
      lock.unlock();
    }
  }

  private void stageChecked(Change change, ShardState state) throws RocksDBException {
    switch (change) {
      case Change.SessionSaved saved -> stageHeader(saved.header());
      case Change.ExpiryLimited limited -> stageHeader(limited.header());
      case Change.SessionRemoved removed -> stageRemoval(state.session(removed.session()));
      case Change.SessionEnded ended -> stageEnd(ended, state.session(ended.session()));
      case Change.EstateSettled settled ->
          batch.delete(tables.family(Table.SESSIONS), Keys.of(settled.session()));
      case Change.ConnectionReplaced replaced -> {
        // for those who push
      }
      case Change.SubscriptionSaved saved ->
          batch.put(
              tables.family(Table.SUBSCRIPTIONS),
              subscriptionKey(saved.session(), saved.terms().filter().text()),
              Records.subscription(saved.terms()));
      case Change.SubscriptionRemoved removed ->
          batch.delete(
              tables.family(Table.SUBSCRIPTIONS),
              subscriptionKey(removed.session(), removed.filterText()));
      case Change.BodyStored stored ->
          batch.put(
              tables.family(Table.BODIES),
              Keys.of(stored.body()),
              WireContent.message(stored.publication()).toByteArray());
      case Change.Queued entry -> {
        marked.add(entry.session());
        batch.put(
            tables.family(Table.QUEUE),
            Keys.of(entry.session(), entry.sequence()),
            Records.queued(entry));
      }
      case Change.Dequeued dequeued ->
          batch.delete(
              tables.family(Table.QUEUE), Keys.of(dequeued.session(), dequeued.sequence()));
      case Change.Dropped dropped -> {
        marked.add(dropped.session());
        if (dropped.wasQueued()) {
          batch.delete(tables.family(Table.QUEUE), Keys.of(dropped.session(), dropped.sequence()));
        }
      }
      case Change.Received received -> {
        Session session = state.session(received.session());
        batch.put(
            tables.family(Table.QUEUE),
            Keys.of(received.session(), received.sequence()),
            Records.received(
                session == null ? 0 : session.packetIds().allotted(received.sequence())));
      }
      case Change.PacketIdAllotted allotted -> stageAllotted(allotted);
      case Change.InboundOpened opened -> {
        marked.add(opened.session());
        batch.put(
            tables.family(Table.INBOUND),
            Keys.of(opened.session(), opened.packetId()),
            Keys.of(opened.sequence()));
      }
      case Change.InboundClosed closed ->
          batch.delete(tables.family(Table.INBOUND), Keys.of(closed.session(), closed.packetId()));
      case Change.KeySeen seen ->
          batch.put(
              tables.family(Table.PRODUCERS),
              Keys.of(seen.key().producer(), seen.key().sequence()),
              Keys.of(seen.seenAtMillis(), seen.key().lowWater(), seen.key().epoch()));
      case Change.KeyForgotten forgotten ->
          batch.delete(
              tables.family(Table.PRODUCERS), Keys.of(forgotten.producer(), forgotten.sequence()));
      case Change.Retained retained -> stageRetained(retained);
      case Change.PublishArmed armed ->
          batch.put(
              tables.family(Table.WILLS),
              Keys.of(armed.publish().number()),
              Records.pending(armed.publish()));
      case Change.PublishSettled removed ->
          batch.delete(tables.family(Table.WILLS), Keys.of(removed.number()));
      case Change.TurnTaken taken -> {
        // in the counters
      }
    }
  }

  /** An entry is queued before its leader asks for a packet id, so its record is in the tables. */
  private void stageAllotted(Change.PacketIdAllotted allotted) throws RocksDBException {
    byte[] key = Keys.of(allotted.session(), allotted.sequence());
    byte[] record = tables.get(Table.QUEUE, key);
    if (record == null) {
      throw new StorageException("the tables in " + tables.folder() + " lack " + allotted);
    }
    batch.put(tables.family(Table.QUEUE), key, Records.allotted(record, allotted.packetId()));
  }

  private void stageHeader(SessionHeader header) throws RocksDBException {
    batch.put(tables.family(Table.SESSIONS), Keys.of(header.number()), Records.session(header));
  }

  private void stageRetained(Change.Retained retained) throws RocksDBException {
    byte[] topic = retained.topic().getBytes(StandardCharsets.UTF_8);
    Publication publication = retained.publication();
    if (publication == null) {
      batch.delete(tables.family(Table.RETAINED), topic);
    } else {
      batch.put(
          tables.family(Table.RETAINED), topic, WireContent.message(publication).toByteArray());
    }
  }

  /** Of its queue stays what came by way of share groups. */
  private void stageEnd(Change.SessionEnded ended, @Nullable Session session)
      throws RocksDBException {
    if (session == null) {
      return;
    }
    stageCollectionsRemoved(session);
    batch.put(
        tables.family(Table.SESSIONS),
        Keys.of(session.number()),
        Records.ended(ended.begunThrough()));
    Backlog backlog = session.backlog();
    for (long sequence = backlog.first(); sequence != 0; sequence = backlog.after(sequence)) {
      if (!backlog.isShared(sequence)) {
        batch.delete(tables.family(Table.QUEUE), Keys.of(session.number(), sequence));
      }
    }
  }

  private void stageRemoval(@Nullable Session session) throws RocksDBException {
    if (session == null) {
      return;
    }
    long number = session.number();
    batch.delete(tables.family(Table.SESSIONS), Keys.of(number));
    stageCollectionsRemoved(session);
    if (session.backlog().size() > RANGE_DELETE_ENTRIES) {
      batch.deleteRange(tables.family(Table.QUEUE), Keys.of(number, 0), Keys.of(number + 1, 0));
    } else {
      var backlog = session.backlog();
      for (long sequence = backlog.first(); sequence != 0; sequence = backlog.after(sequence)) {
        batch.delete(tables.family(Table.QUEUE), Keys.of(number, sequence));
      }
    }
  }

  private void stageCollectionsRemoved(Session session) throws RocksDBException {
    long number = session.number();
    batch.delete(tables.family(Table.MARKS), Keys.of(number));
    for (String filterText : session.filterTexts()) {
      batch.delete(tables.family(Table.SUBSCRIPTIONS), subscriptionKey(number, filterText));
    }
    for (int packetId : session.openPacketIds()) {
      batch.delete(tables.family(Table.INBOUND), Keys.of(number, packetId));
    }
  }

  private static byte[] subscriptionKey(long session, String filterText) {
    return Keys.of(session, filterText.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<Entry> read(long session, long fromSequence, int limit, int maxBytes) {
    List<Entry> entries = new ArrayList<>(Math.min(limit, 64));
    int bytes = 0;
    try (RocksIterator iterator = tables.iterator(Table.QUEUE)) {
      for (iterator.seek(Keys.of(session, fromSequence));
          iterator.isValid() && entries.size() < limit && bytes < maxBytes;
          iterator.next()) {
        byte[] key = iterator.key();
        if (Keys.first(key) != session) {
          break;
        }
        QueueRecord record = Records.queued(iterator.value());
        bytes += record.getBytes();
        entries.add(entry(Keys.second(key), record));
      }
      iterator.status();
    } catch (RocksDBException | java.io.IOException e) {
      throw new StorageException("cannot read the queue of session " + session, e);
    }
    return entries;
  }

  private Entry entry(long sequence, QueueRecord record) {
    return new Entry(
        sequence,
        record.getReceived() ? null : publication(sequence, record),
        Delivery.of(Qos.of(record.getQos()), record.getRetain(), record.getIdentifiersList()),
        record.hasShare() ? Records.share(record.getShare()) : null);
  }

  private Publication publication(long sequence, QueueRecord record) {
    if (record.getBody() == 0) {
      return WireContent.publication(record.getMessage());
    }
    byte[] body = tables.get(Table.BODIES, Keys.of(record.getBody()));
    if (body == null) {
      throw new IllegalStateException(
          "body " + record.getBody() + " of queue entry " + sequence + " is not there");
    }
    return WireContent.read(body);
  }

  @Override
  public void scan(String fromTopic, Visitor visitor) {
    sharing(() -> scanTables(fromTopic, visitor));
  }

  private void scanTables(String fromTopic, Visitor visitor) {
    try (RocksIterator iterator = tables.iterator(Table.RETAINED)) {
      iterator.seek(fromTopic.getBytes(StandardCharsets.UTF_8));
      while (iterator.isValid() && visitor.visit(WireContent.read(iterator.value()))) {
        iterator.next();
      }
      iterator.status();
    } catch (RocksDBException e) {
      throw new StorageException("cannot read retained messages", e);
    }
  }

  @Override
  public void close() {
    Lock lock = exchange.writeLock();
    lock.lock();
    try {
      batch.close();
      tables.close();
    } finally {
      lock.unlock();
    }
  }
}
