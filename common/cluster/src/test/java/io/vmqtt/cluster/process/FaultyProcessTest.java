package io.vmqtt.cluster.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process that finds out, when it runs, that it cannot do its work. */
class FaultyProcessTest {
  @Test
  void awaitClosed_processHasAFault_endsWithThatLine() throws Exception {
    try (RoleProcess process =
        RoleProcess.start(
            "test",
            List.of(),
            Map.of(
                "test.node-id",
                "gw-1",
                "test.fault",
                "a file is damaged",
                RoleProcess.HTTP_PORT,
                "0"))) {
      StartException end = assertThrows(StartException.class, process::awaitClosed);
      assertEquals("a file is damaged", end.getMessage());
      assertEquals(1, end.exitCode());
      assertTrue(process.awaitClosed(Duration.ZERO));
    }
  }
}
