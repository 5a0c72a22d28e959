package io.vmqtt.cluster.inspection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.operation.Download;
import io.vmqtt.cluster.operation.LogLevels;
import io.vmqtt.cluster.operation.NodeConfiguration;
import io.vmqtt.cluster.operation.Nothing;
import io.vmqtt.cluster.operation.OperationRefusal;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpsTest {
  @TempDir private Path folder;

  private Dumps dumps() {
    return new Dumps(folder);
  }

  private void requireNothingLeft() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void threads_virtualOnesAreThere() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch runs = new CountDownLatch(1);
    Thread waiting =
        Thread.ofVirtual()
            .name("waits-for-the-dump")
            .start(
                () -> {
                  runs.countDown();
                  try {
                    end.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    runs.await();
    try (InputStream dump = dumps().threads(Nothing.MORE)) {
      requireNothingLeft(); // it has no name any more
      String text = new String(dump.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(text.contains("waits-for-the-dump"), text);
      assertTrue(text.contains("\"main\""), text);
    } finally {
      end.countDown();
      waiting.join();
    }
  }

  @Test
  void heap_isThatOfThisProcess() throws Exception {
    try (InputStream dump = dumps().heap(new Download.HeapDump(true))) {
      requireNothingLeft();
      byte[] magic = "JAVA PROFILE".getBytes(StandardCharsets.US_ASCII);
      assertArrayEquals(magic, Arrays.copyOf(dump.readNBytes(magic.length), magic.length));
    }
  }

  @Test
  void recording_hasWhatHappened() throws Exception {
    Path file = folder.resolve("recording.jfr");
    try (InputStream recording = dumps().recording(new Download.Recording(1))) {
      Files.copy(recording, file);
    }
    assertTrue(
        RecordingFile.readAllEvents(file).stream()
            .anyMatch(event -> event.getEventType().getName().startsWith("jdk.")));
    assertThrows(IllegalArgumentException.class, () -> new Download.Recording(0));
    assertThrows(IllegalArgumentException.class, () -> new Download.Recording(301));
  }

  @Test
  void second_isRefused_untilTheFirstIsRead() throws Exception {
    Dumps dumps = dumps();
    InputStream first = dumps.threads(Nothing.MORE);
    assertThrows(OperationRefusal.class, () -> dumps.threads(Nothing.MORE));
    first.close();
    dumps.threads(Nothing.MORE).close();
  }

  @Test
  void dump_thatFails_leavesNothing_andItsTurn() throws Exception {
    Dumps dumps = dumps();
    assertThrows(
        IllegalStateException.class,
        () ->
            dumps.of(
                out -> {
                  out.write(1);
                  throw new IllegalStateException("no");
                }));
    requireNothingLeft();
    dumps.threads(Nothing.MORE).close();
  }

  @Test
  void diagnostics_haveAllParts() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    meters.counter("vmqtt.test", "kind", "x").increment(3);
    Diagnostics diagnostics =
        new Diagnostics(
            dumps(),
            () -> List.of(Map.of("id", "node-1")),
            () -> new NodeConfiguration(List.of()),
            () -> new LogLevels(List.of(), LogLevels.LASTS),
            meters);
    Map<String, String> parts = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(diagnostics.open(Nothing.MORE))) {
      ZipEntry entry = zip.getNextEntry();
      while (entry != null) {
        parts.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
        entry = zip.getNextEntry();
      }
    }
    assertTrue(part(parts, "status.json").contains("node-1"));
    assertTrue(part(parts, "metrics.txt").contains("vmqtt.test{kind=x } COUNT 3.0"));
    assertTrue(part(parts, "jvm.json").contains("heapUsedBytes"));
    assertTrue(part(parts, "threads.txt").contains("\"main\""));
    assertTrue(part(parts, "log-levels.json").contains(LogLevels.LASTS));
    assertTrue(part(parts, "configuration.json").contains("options"));
  }

  private static String part(Map<String, String> parts, String name) {
    return parts.getOrDefault(name, "there is no " + name);
  }

  @Test
  void arguments_ofTheJvm_showNoPasswords() {
    assertEquals(
        List.of("-Djavax.net.ssl.keyStorePassword=***", "-Dredis-url=redis://u:***@h/1", "-Xmx1g"),
        JvmFacts.arguments(
            List.of(
                "-Djavax.net.ssl.keyStorePassword=hush",
                "-Dredis-url=redis://u:hush@h/1",
                "-Xmx1g")));
  }
}
