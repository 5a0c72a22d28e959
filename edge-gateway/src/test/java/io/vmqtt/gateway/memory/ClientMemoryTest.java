package io.vmqtt.gateway.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ClientMemoryTest {
  private final ClientMemory memory = new ClientMemory(1_000, 2);
  private final LoopMemory one = memory.ofLoop(0);
  private final LoopMemory other = memory.ofLoop(1);

  @Test
  void keep_forSeveralClients_countsOnceUntilTheLastLetsGo() {
    Object message = new Object();
    one.keep(message, 100);
    one.keep(message, 100);
    one.keep(new Object(), 10);
    assertEquals(110, one.bytes());

    one.letGo(message, 100);
    assertEquals(110, one.bytes());
    one.letGo(message, 100);

    assertEquals(10, one.bytes());
  }

  @Test
  void usedBytes_isWhatTheLoopsHaveTold() {
    one.add(300);
    other.add(100);
    assertEquals(0, memory.usedBytes());

    one.tell();
    other.tell();

    assertEquals(400, memory.usedBytes());
    assertFalse(memory.isTight());
  }

  @Test
  void isTight_fromHalfOn_whoeverHasMoreThanItsPart() {
    other.add(100);
    other.tell();
    one.add(401);

    assertTrue(one.isTight());
    one.tell();
    assertTrue(memory.isTight());
    assertFalse(other.isTight());
    assertFalse(one.isFull());
  }

  @Test
  void isFull_otherLoopsNeedLittle_aLoopMayUseTheirPart() {
    one.add(900);
    assertFalse(one.isFull());

    other.add(200);
    other.tell();

    assertTrue(one.isFull());
    assertFalse(other.isFull(), "it has less than its part");
  }
}
