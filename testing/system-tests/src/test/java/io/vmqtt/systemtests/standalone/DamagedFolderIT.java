package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is alone with its data does not start with a damaged file, and changes nothing. */
class DamagedFolderIT {
  /** All messages could be in one entry: there have to be others beside the one that is damaged. */
  @RegisterExtension
  static final BrokerProcess broker = BrokerProcess.standalone("--entry-commands", "64");

  @RegisterExtension final Clients clients = new Clients();
  @TempDir private Path folder;

  @Test
  void start_bitOfALogIsWrong_oneLineNamesTheFile_andAllIsThereWhenItIsMended() throws Exception {
    broker.process();
    KeptMessages messages = new KeptMessages(clients, broker.mqtt(), 1);
    messages.publishAll(broker.mqtt());
    broker.process().kill();
    Path log = longestLog(broker.data());
    flip(log);

    String line = complaint(broker.data());

    assertTrue(line.contains(log.toString()), line);
    assertTrue(line.contains("is damaged: "), line);
    assertEquals(1, run("check", List.of("store", "check", broker.data().toString())).exit());
    Path salvaged = folder.resolve("salvaged");
    List<String> salvage =
        List.of("store", "salvage", broker.data().toString(), "--to", salvaged.toString());
    Ended ended = run("salvage", salvage);
    assertEquals(1, ended.exit());
    // What is before the damaged entry is queued, what is behind it is logged.
    assertTrue(Files.readString(salvaged).contains("\"payload\":"), ended::toString);
    flip(log);
    assertEquals(0, run("mended", List.of("store", "check", broker.data().toString())).exit());
    broker.start();
    messages.mustBeKept(broker.mqtt());
  }

  /** What a command has said, and ended with. */
  private record Ended(int exit, List<String> lines) {}

  private Ended run(String name, List<String> arguments) throws IOException {
    Path log = Files.createFile(folder.resolve(name + ".log"));
    ServerProcess process = ServerProcess.start("vmqtt", List.of(), arguments, log);
    int exit = process.awaitExit(ServerProcess.START_PATIENCE);
    return new Ended(exit, process.output());
  }

  private String complaint(Path data) throws IOException {
    Ended ended =
        run(
            "start",
            List.of(
                "standalone",
                "--data",
                data.toString(),
                "--port",
                Integer.toString(FreePorts.next()),
                "--http-port",
                Integer.toString(FreePorts.next())));
    assertEquals(1, ended.exit());
    assertEquals(1, ended.lines().size(), () -> "said " + ended.lines());
    return ended.lines().getFirst();
  }

  /** Files have room at their ends, so that their sizes say nothing. */
  private static Path longestLog(Path data) throws IOException {
    try (Stream<Path> all = Files.list(data.resolve("journal"))) {
      return all.filter(Files::isRegularFile)
          .max(Comparator.comparingInt(DamagedFolderIT::written))
          .orElseThrow();
    }
  }

  private static int written(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      int length = bytes.length;
      while (length > 0 && bytes[length - 1] == 0) {
        length--;
      }
      return length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[written(file) / 2] ^= 0x10;
    Files.write(file, bytes);
  }
}
