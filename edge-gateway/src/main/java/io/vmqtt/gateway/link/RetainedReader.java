package io.vmqtt.gateway.link;

import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.model.Message;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.session.v1.ReadRetained;
import io.vmqtt.proto.session.v1.RetainedPage;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Reads the retained messages of one filter from one shard, a page after the other: at most one
 * page is in memory. Confined to the lane's thread.
 */
final class RetainedReader {
  private static final int PAGE_BYTES = 256 << 10;

  private final Lane lane;
  private final String routingKey;
  private final int shard;
  private final TopicFilter filter;
  private final Consumer<List<Message>> pages;
  private final BooleanSupplier wanted;

  RetainedReader(
      Lane lane,
      String routingKey,
      int shard,
      TopicFilter filter,
      Consumer<List<Message>> pages,
      BooleanSupplier wanted) {
    this.lane = lane;
    this.routingKey = routingKey;
    this.shard = shard;
    this.filter = filter;
    this.pages = pages;
    this.wanted = wanted;
  }

  void readAfter(String topic) {
    lane.request(
        lane.routerOf(routingKey),
        routingKey,
        ShardRequest.newBuilder()
            .setShard(shard)
            .setReadRetained(
                ReadRetained.newBuilder()
                    .setFilter(filter.filter())
                    .setAfterTopic(topic)
                    .setMaxBytes(PAGE_BYTES)),
        this::answered);
  }

  private void answered(ShardReply reply) {
    if (!reply.hasRetainedPage() || !wanted.getAsBoolean()) {
      return;
    }
    RetainedPage page = reply.getRetainedPage();
    List<Message> messages = page.getMessagesList().stream().map(Messages::fromWire).toList();
    if (!messages.isEmpty()) {
      pages.accept(messages);
      if (page.getMore()) {
        readAfter(messages.getLast().topic());
      }
    }
  }
}
