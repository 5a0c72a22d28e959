package io.vmqtt.store.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vmqtt.proto.storage.v1.Entry;
import io.vmqtt.store.storage.ShardStorage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A replica of a shard without Ratis around it: whoever has it plays the log. */
public final class LoneShard {
  private static final long PAUSE_MILLIS = 10;

  private final Shard shard;

  /** What the log is to this replica. */
  public interface Log {
    /** As {@link Submitter#submit}. */
    CompletableFuture<Void> submit(Content content);

    /** As {@link Submitter#leaderTerm}. */
    long leaderTerm();
  }

  /** What an entry holds. */
  public static final class Content {
    private final Batch batch;

    private Content(Batch batch) {
      this.batch = batch;
    }

    private Entry read() {
      try {
        return Entry.parseFrom(batch.getContent().asReadOnlyByteBuffer());
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("an entry is damaged", e);
      }
    }
  }

  /**
   * Loads the replica.
   *
   * @param thread for everything, reads of retained messages included
   */
  public LoneShard(
      int number,
      ShardStorage storage,
      long hashSeed,
      Executor thread,
      ScheduledExecutorService timer,
      ShardClock clock,
      ShardOptions options,
      GatewayWatch gateways,
      Log log) {
    shard =
        new Shard(
            number,
            storage,
            hashSeed,
            thread,
            new EntryPause(PAUSE_MILLIS, clock, timer, thread),
            thread,
            clock,
            options,
            gateways,
            new ShardCounts());
    shard.submitTo(
        new Submitter() {
          @Override
          public CompletableFuture<Void> submit(Batch batch) {
            return log.submit(new Content(batch));
          }

          @Override
          public boolean mayBeDeposed() {
            return true;
          }

          @Override
          public long leaderTerm() {
            return log.leaderTerm();
          }
        });
  }

  /** The replica itself. */
  public Shard shard() {
    return shard;
  }

  /** To be called at the end of every turn of its thread. */
  public void endTurn() {
    shard.endTurn();
  }

  /** This replica leads from now on. */
  public void lead(long term) {
    shard.lead(term);
  }

  /** This replica does not lead any longer. */
  public void follow() {
    shard.follow();
  }

  /**
   * An entry is committed.
   *
   * @param fromMemory whether this replica has submitted it, and still has it
   * @param done runs when it is applied
   */
  public void committed(long term, long index, Content content, boolean fromMemory, Runnable done) {
    shard.committed(
        term,
        index,
        fromMemory ? content.batch : null,
        content::read,
        problem -> finish(problem, done));
  }

  private static void finish(@Nullable Throwable problem, Runnable done) {
    if (problem != null) {
      throw new IllegalStateException("an entry could not be applied", problem);
    }
    done.run();
  }

  /** The log went on without commands. */
  public void advanced(long term, long index) {
    shard.advanced(term, index, () -> {});
  }
}
