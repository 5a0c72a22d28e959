package io.vmqtt.router.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class InHandTest {
  private final InHand<String> inHand = new InHand<>();

  @Test
  void frames_someRemoved_theOthersInOrder() {
    inHand.add(1, "one", 10);
    inHand.add(2, "two", 10);
    inHand.add(3, "three", 10);
    inHand.remove(2);
    inHand.remove(9);
    assertEquals(List.of("one", "three"), inHand.frames());
    inHand.clear();
    assertEquals(List.of(), inHand.frames());
  }

  @Test
  void add_moreThanIsKept_theOldestIsForgotten() {
    int third = InHand.MAX_BYTES / 3;
    inHand.add(1, "one", third);
    inHand.add(2, "two", third);
    inHand.add(3, "three", third);
    assertEquals(3, inHand.frames().size());
    assertEquals(1, inHand.add(4, "four", third));
    assertEquals(List.of("two", "three", "four"), inHand.frames());
    inHand.remove(1);
    inHand.remove(2);
    assertEquals(0, inHand.add(5, "five", third));
    assertEquals(List.of("three", "four", "five"), inHand.frames());
  }
}
