package io.vmqtt.store.shard;

import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ReadRetained;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.store.retained.RetainedPage;
import io.vmqtt.store.storage.ShardStorage;
import io.vmqtt.store.wire.Frames;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads of a shard's retained messages, which take long and must not hold up its thread. */
final class RetainedReads {
  private static final Logger log = LoggerFactory.getLogger(RetainedReads.class);

  private final ShardStorage storage;
  private final Executor readers;
  private final Executor thread;

  /**
   * @param readers for the reads
   * @param thread the shard's own, for the answers
   */
  RetainedReads(ShardStorage storage, Executor readers, Executor thread) {
    this.storage = storage;
    this.readers = readers;
    this.thread = thread;
  }

  /** Answers a request for a page; refuses it if too many wait. */
  void read(RouterPort port, ShardRequest request, long nowMillis) {
    ReadRetained wanted = request.getReadRetained();
    try {
      readers.execute(
          () -> {
            RetainedPage page =
                RetainedPage.read(
                    storage,
                    wanted.getFilter(),
                    wanted.getAfterTopic(),
                    wanted.getMaxBytes(),
                    nowMillis);
            int bytes = page.messages().stream().mapToInt(message -> message.bytes()).sum();
            thread.execute(() -> port.reply(Frames.page(request.getCorrelation(), page), bytes));
          });
    } catch (RejectedExecutionException e) {
      log.debug("too many reads of retained messages", e);
      Refusals.request(port, request, Failure.Reason.REASON_QUOTA_EXCEEDED);
    }
  }
}
