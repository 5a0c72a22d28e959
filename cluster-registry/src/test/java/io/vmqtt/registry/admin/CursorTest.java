package io.vmqtt.registry.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.cluster.operation.ClientName;
import java.util.List;
import org.junit.jupiter.api.Test;

class CursorTest {
  @Test
  void read_whatWasWritten_isTheSame() {
    assertEquals(List.of("", "a/ü\u0001"), Cursor.read(Cursor.of("", "a/ü\u0001"), 2));
    assertEquals(new ClientName("plant", "pump 7"), Cursor.client(Cursor.of("plant", "pump 7")));
    assertEquals(null, Cursor.client(null));
  }

  @Test
  void read_noCursorOrThatOfAnotherList_isRefused() {
    assertEquals(400, assertThrows(Problem.class, () -> Cursor.read("!", 1)).status());
    assertEquals(400, assertThrows(Problem.class, () -> Cursor.read(Cursor.of("a"), 2)).status());
  }
}
