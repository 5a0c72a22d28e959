package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a broker leaves behind when it ends. */
class EndIT {
  @TempDir private Path folder;
  @TempDir private Path temporary;

  private ServerProcess started() {
    int httpPort = FreePorts.next();
    ServerProcess process =
        ServerProcess.start(
            "standalone",
            List.of("env", "JDK_JAVA_OPTIONS=-Djava.io.tmpdir=" + temporary),
            List.of(
                "standalone",
                "--port",
                String.valueOf(FreePorts.next()),
                "--http-port",
                String.valueOf(httpPort),
                "--data",
                folder.resolve("data").toString()),
            folder.resolve("log"));
    Address http = Address.local(httpPort);
    process.awaitReady("it is ready", () -> HttpProbe.isOk(http, "/health/readiness"));
    return process;
  }

  /** As docs/operations.md tells supervisors. */
  @Test
  void sigterm_endsWithTheCodeOfTheSignal() {
    assertEquals(143, started().stop());
  }

  @Test
  void sigkill_leavesNoTemporaryFile() throws IOException {
    started().kill();
    started().kill();

    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
