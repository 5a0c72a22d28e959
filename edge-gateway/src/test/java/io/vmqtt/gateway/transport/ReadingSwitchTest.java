package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading from several channels of one client. */
class ReadingSwitchTest {
  private final List<String> read = new ArrayList<>();

  private EmbeddedChannel channel(String name) {
    return new EmbeddedChannel(
        new ChannelOutboundHandlerAdapter() {
          @Override
          public void read(ChannelHandlerContext context) {
            read.add(name);
            context.read();
          }
        });
  }

  /** In the first there may be DISCONNECT, behind which nothing counts. */
  @Test
  void readRest_readingHadStopped_readsAllAndTheFirstLast() {
    EmbeddedChannel first = channel("first");
    EmbeddedChannel other = channel("other");
    ReadingSwitch reading = new ReadingSwitch(first, () -> {});
    reading.join(other);
    reading.set(ReadingSwitch.NOT_NOW, true);
    read.clear();

    reading.readRest();

    assertEquals(List.of("other", "first"), read);
    first.finishAndReleaseAll();
    other.finishAndReleaseAll();
  }
}
