package io.vmqtt.cluster.link;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.vmqtt.proto.routing.v1.GatewayFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkClientTest {

  @Test
  void connect_serverComesLater_linksThen() {
    try (RecordedEnds ends = new RecordedEnds(LinkSettings.calm())) {
      ends.connect();
      ends.serve();

      ends.awaitUp();
    }
  }

  @Test
  void connect_serverGoesAndComesBack_linksAnewWithWhatIsSentThen() {
    try (RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm())) {
      Link<GatewayFrame> first = ends.gateway.link();
      ends.sendToRouter(1);
      await().until(() -> ends.atRouter().equals(List.of(1L)));

      ends.stopServing();
      ends.awaitDown();
      ends.serve();
      ends.awaitUp();
      ends.sendToRouter(2);

      await().until(() -> ends.atRouter().equals(List.of(1L, 2L)));
      assertNotSame(first, ends.gateway.link());
      assertFalse(first.offer(RecordedEnds.toRouter(3), 10), "its stream is gone");
    }
  }

  @Test
  void connect_linkBreaksAgainAndAgain_linksEveryTime() {
    try (RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm())) {
      for (int i = 1; i <= 5; i++) {
        int breaks = i;
        ends.router.link().close("break " + i);
        await().until(() -> ends.gateway.downs.size() == breaks);
        ends.awaitUp();
      }

      assertEquals(6, ends.gateway.ups.size());
      assertEquals(5, ends.gatewayMetrics.breaks.count());
    }
  }

  @Test
  void close_linked_downOnBothSidesAndNoNewAttempt() {
    try (RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm())) {
      ends.closeClient();
      ends.awaitDown();

      // Attempts of a second client show that those of the first would have come by now.
      for (int i = 1; i <= 3; i++) {
        int attempts = 1 + i;
        ends.connect();
        await().until(() -> ends.router.ups.size() == attempts);
        ends.closeClient();
        ends.awaitDown();
      }
      assertEquals(4, ends.router.ups.size());
    }
  }
}
