package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.testkit.time.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiptsTest {
  private final VirtualTime time = new VirtualTime();
  private final ClientMemory memory = new ClientMemory(1_000, 1);
  private final LoopMemory loop = memory.ofLoop(0);
  private final RecordingLink<GatewayFrame> link = new RecordingLink<>("router");
  private final Receipts receipts = new Receipts(memory, time.timer(Runnable::run));

  @Test
  void received_memoryIsThere_toldAtOnce() {
    receipts.received(link, 3);

    assertEquals(List.of(3L), told());
  }

  @Test
  void received_memoryIsTight_toldWhenThereIsSomeAgain() {
    use(900);
    receipts.received(link, 3);
    receipts.received(link, 5);
    assertEquals(List.of(), told());

    use(-900);
    time.advance(Duration.ofMillis(20));

    assertEquals(List.of(5L), told());
  }

  @Test
  void received_memoryStaysTight_toldHalfASecondLater() {
    use(900);
    receipts.received(link, 3);

    time.advance(Duration.ofMillis(499));
    assertEquals(List.of(), told());
    time.advance(Duration.ofMillis(1));

    assertEquals(List.of(3L), told());
  }

  /** What was received over the old link is sent again over the new one. */
  @Test
  void received_overANewLinkMeanwhile_toldThere() {
    use(900);
    receipts.received(link, 3);
    RecordingLink<GatewayFrame> next = new RecordingLink<>("router");
    receipts.received(next, 3);

    time.advance(Duration.ofSeconds(1));

    assertEquals(List.of(), told());
    assertEquals(1, next.sent.size());
  }

  private void use(long bytes) {
    loop.add(bytes);
    loop.tell();
  }

  private List<Long> told() {
    return link.sent.stream().map(GatewayFrame::getReceivedThrough).toList();
  }
}
