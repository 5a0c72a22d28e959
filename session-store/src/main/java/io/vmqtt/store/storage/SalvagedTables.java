package io.vmqtt.store.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.storage.v1.Applied;
import io.vmqtt.proto.storage.v1.QueueRecord;
import io.vmqtt.proto.storage.v1.SessionRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileReaderIterator;

/**
 * What can be read of tables that are damaged, and that nobody has open; changes nothing. Where a
 * table cannot be read as a whole its files are read one by one, oldest first, and what was deleted
 * since may come again.
 */
public final class SalvagedTables implements AutoCloseable {
  /** More are not named. */
  private static final int MOST_LOSSES = 1_000;

  private final Path folder;
  private final List<String> losses = new ArrayList<>();
  private @Nullable List<SortedTable> files;
  private @Nullable ReadOnlyTables tables;

  private SalvagedTables(Path folder) {
    this.folder = folder;
  }

  /** Opens what can be opened. */
  public static SalvagedTables open(Path folder) throws IOException {
    SalvagedTables salvaged = new SalvagedTables(folder);
    try {
      salvaged.tables = ReadOnlyTables.open(folder, false);
    } catch (RocksDBException e) {
      salvaged.lose(folder + ": " + e.getMessage() + "; its files are read one by one");
    }
    return salvaged;
  }

  /** What could not be read, so far. */
  public List<String> losses() {
    return List.copyOf(losses);
  }

  private void lose(String what) {
    if (losses.size() < MOST_LOSSES) {
      losses.add(what);
    } else if (losses.size() == MOST_LOSSES) {
      losses.add(folder + ": more");
    }
  }

  /** The last entry of the log that is in them; 0: none, or nobody knows. */
  public long applied() throws IOException {
    byte[] record = get(Table.META, RocksStorage.APPLIED);
    try {
      return record == null ? 0 : Applied.parseFrom(record).getIndex();
    } catch (InvalidProtocolBufferException e) {
      return 0;
    }
  }

  /** Gives the retained messages. */
  public void retained(Consumer<Message> reader) throws IOException {
    each(Table.RETAINED, (topic, value) -> reader.accept(Message.parseFrom(value)));
  }

  /** Takes messages of queues. */
  @FunctionalInterface
  public interface Queued {
    /**
     * One.
     *
     * @param clientId null: nobody knows
     * @param qos of the delivery
     */
    void message(long session, @Nullable String clientId, long sequence, int qos, Message message);
  }

  /** Gives the messages in queues that no client has. */
  public void queued(Queued reader) throws IOException {
    Map<Long, String> clients = new HashMap<>();
    each(
        Table.SESSIONS,
        (number, value) -> {
          SessionRecord session = SessionRecord.parseFrom(value);
          if (!session.getEnded()) {
            clients.put(Keys.first(number), session.getClientId());
          }
        });
    each(
        Table.QUEUE,
        (place, value) -> {
          QueueRecord record = QueueRecord.parseFrom(value);
          Message message = record.getReceived() ? null : message(record);
          if (message != null) {
            long session = Keys.first(place);
            reader.message(
                session, clients.get(session), Keys.second(place), record.getQos(), message);
          }
        });
  }

  private @Nullable Message message(QueueRecord record) throws IOException {
    if (record.getBody() == 0) {
      return record.getMessage();
    }
    byte[] body = get(Table.BODIES, Keys.of(record.getBody()));
    if (body == null) {
      lose(folder + ": a message of several queues, number " + record.getBody());
      return null;
    }
    return Message.parseFrom(body);
  }

  @FunctionalInterface
  private interface Row {
    void take(byte[] key, byte[] value) throws IOException;
  }

  private void each(Table table, Row row) throws IOException {
    byte[] last = new byte[0];
    if (tables != null) {
      try (RocksIterator rows = tables.iterator(table)) {
        if (rows == null) {
          return;
        }
        DamagedRows damaged = DamagedRows.of(rows, last);
        boolean isAll = damaged.each(reporting(table, row));
        lost(table, damaged);
        if (isAll) {
          return;
        }
        last = damaged.last();
      }
    }
    for (SortedTable file : files()) {
      if (file.isOf(table)) {
        try (SstFileReaderIterator rows = file.iterator()) {
          DamagedRows damaged = DamagedRows.of(rows, last);
          damaged.each(reporting(table, row));
          lost(table, damaged);
        }
      }
    }
  }

  private void lost(Table table, DamagedRows rows) {
    if (rows.gaps() > 0) {
      lose(folder + ": " + rows.gaps() + " stretches of " + table.familyName());
    }
  }

  private DamagedRows.Row reporting(Table table, Row row) {
    return (key, value) -> {
      try {
        row.take(key, value);
      } catch (IOException e) {
        lose(folder + ": a row of " + table.familyName() + ": " + e.getMessage());
      }
    };
  }

  private byte @Nullable [] get(Table table, byte[] key) throws IOException {
    if (tables != null) {
      try {
        return tables.get(table, key);
      } catch (RocksDBException e) {
        lose(folder + ": a row of " + table.familyName() + ": " + e.getMessage());
      }
    }
    for (SortedTable file : files().reversed()) {
      if (file.isOf(table)) {
        try (SstFileReaderIterator rows = file.iterator()) {
          rows.seek(key);
          if (rows.isValid() && Arrays.equals(rows.key(), key)) {
            return rows.value();
          }
        }
      }
    }
    return null;
  }

  /** Those that can be opened, oldest first. */
  private List<SortedTable> files() throws IOException {
    List<SortedTable> open = files;
    if (open != null) {
      return open;
    }
    open = new ArrayList<>();
    files = open;
    if (Files.isDirectory(folder)) {
      List<Path> names;
      try (Stream<Path> all = Files.list(folder)) {
        names = all.filter(name -> name.toString().endsWith(".sst")).sorted().toList();
      }
      for (Path name : names) {
        try {
          open.add(new SortedTable(name));
        } catch (RocksDBException e) {
          lose(name + ": " + e.getMessage());
        }
      }
    }
    return open;
  }

  @Override
  public void close() {
    if (files != null) {
      files.forEach(SortedTable::close);
    }
    if (tables != null) {
      tables.close();
    }
  }
}
