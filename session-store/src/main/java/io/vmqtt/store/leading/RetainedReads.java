package io.vmqtt.store.leading;

import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ReadRetained;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.store.retained.RetainedMessages;
import io.vmqtt.store.retained.RetainedPage;
import io.vmqtt.store.wire.Frames;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads of a shard's retained messages, which take long and must not hold up its thread. */
public final class RetainedReads {
  private static final Logger log = LoggerFactory.getLogger(RetainedReads.class);

  private final RetainedMessages table;
  private final Executor readers;
  private final Executor thread;

  /**
   * @param readers for the reads
   * @param thread the shard's own, for the answers
   */
  public RetainedReads(RetainedMessages table, Executor readers, Executor thread) {
    this.table = table;
    this.readers = readers;
    this.thread = thread;
  }

  /**
   * Reads a page; refuses the request if too many wait.
   *
   * @param read takes the page, on the shard's thread
   */
  void read(RouterPort port, ShardRequest request, long nowMillis, Consumer<RetainedPage> read) {
    ReadRetained wanted = request.getReadRetained();
    try {
      readers.execute(
          () -> {
            RetainedPage page = page(wanted, nowMillis);
            thread.execute(() -> read.accept(page));
          });
    } catch (RejectedExecutionException e) {
      log.debug("too many reads of retained messages", e);
      Refusals.request(port, request, Failure.Reason.REASON_QUOTA_EXCEEDED);
    }
  }

  private RetainedPage page(ReadRetained wanted, long nowMillis) {
    RetainedPage.Room room = new RetainedPage.Room(wanted.getMaxMessages(), wanted.getMaxBytes());
    return wanted.getFilter().isEmpty()
        ? RetainedPage.read(table, wanted.getTopicsList(), room, nowMillis)
        : RetainedPage.read(table, wanted.getFilter(), wanted.getAfterTopic(), room, nowMillis);
  }

  /** Answers with a page. */
  static void reply(RouterPort port, ShardRequest request, RetainedPage page) {
    int bytes = page.messages().stream().mapToInt(message -> message.bytes()).sum();
    port.reply(Frames.page(request.getCorrelation(), page), bytes);
  }
}
