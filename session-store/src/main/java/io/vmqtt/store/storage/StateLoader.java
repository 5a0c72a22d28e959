package io.vmqtt.store.storage;

import io.vmqtt.model.PublishKey;
import io.vmqtt.proto.storage.v1.Marks;
import io.vmqtt.proto.storage.v1.QueueRecord;
import io.vmqtt.proto.storage.v1.SessionRecord;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.wire.Records;
import java.io.IOException;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Reads tables into a state that is still empty. */
final class StateLoader {
  private final Tables tables;

  StateLoader(Tables tables) {
    this.tables = tables;
  }

  private interface Row {
    void take(byte[] key, byte[] value) throws IOException;
  }

  void load(ShardState state) {
    // Sessions come first: the others name them.
    each(
        Table.SESSIONS,
        (key, value) -> {
          SessionRecord record = Records.session(value);
          if (record.getEnded()) {
            state.restoreEstate(Keys.first(key), record.getSentThrough());
          } else {
            apply(state, new Change.SessionSaved(Records.session(Keys.first(key), record)));
          }
        });
    each(
        Table.SUBSCRIPTIONS,
        (key, value) ->
            apply(
                state, new Change.SubscriptionSaved(Keys.first(key), Records.subscription(value))));
    each(Table.QUEUE, (key, value) -> restoreQueued(state, key, Records.queued(value)));
    each(
        Table.INBOUND,
        (key, value) ->
            apply(
                state,
                new Change.InboundOpened(
                    Keys.first(key), (int) Keys.second(key), Keys.first(value))));
    each(
        Table.MARKS,
        (key, value) -> {
          Marks marks = Marks.parseFrom(value);
          state.restoreMarks(
              Keys.first(key), marks.getLastSequence(), marks.getLastInbound(), marks.getDropped());
        });
    each(
        Table.PRODUCERS,
        (key, value) ->
            apply(
                state,
                new Change.KeySeen(
                    new PublishKey(
                        Keys.first(key),
                        Keys.second(key),
                        Keys.second(value),
                        Keys.thirdOrZero(value)),
                    Keys.first(value))));
    each(
        Table.WILLS,
        (key, value) ->
            apply(state, new Change.PublishArmed(Records.pending(Keys.first(key), value))));
  }

  private static void restoreQueued(ShardState state, byte[] key, QueueRecord record) {
    state.restoreQueued(
        Keys.first(key),
        Keys.second(key),
        record.getBody(),
        record.getBytes(),
        record.hasShare(),
        record.getReceived(),
        record.getPacketId());
  }

  private static void apply(ShardState state, Change change) {
    state.apply(change, body -> {});
  }

  private void each(Table table, Row row) {
    try (RocksIterator iterator = tables.iterator(table)) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        row.take(iterator.key(), iterator.value());
      }
      iterator.status();
    } catch (RocksDBException | IOException e) {
      throw new StorageException("cannot load " + table + " of " + tables.folder(), e);
    }
  }
}
