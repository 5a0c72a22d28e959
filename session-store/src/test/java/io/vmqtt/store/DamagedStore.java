package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static io.vmqtt.store.FakeRouter.message;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.store.config.StoreOptions;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.DataFolderException;
import io.vmqtt.store.storage.SealedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The folder of a store with one replica of one shard, and what can happen to its files. */
final class DamagedStore {
  static final int MESSAGES = 150;

  /** They are published one by one. */
  static final int MOST_OF_AN_ENTRY = 1;

  private static final Duration PATIENCE = Duration.ofSeconds(50);
  private static final String LOG = "raft/[-0-9a-f]{36}/current";

  /** Ratis keeps so many at least. */
  private static final int ENTRIES_TO_CUT = 1_500;

  private static final String PADDING = "-".repeat(1_000);

  private DamagedStore() {}

  /** What happens to a file. */
  enum Harm {
    FLIPPED_WITHIN {
      @Override
      void to(Path file) throws IOException {
        flip(file, length(file) / 2);
      }
    },
    FLIPPED_AT_END {
      @Override
      void to(Path file) throws IOException {
        flip(file, length(file) - 1);
      }
    },
    TRUNCATED {
      @Override
      void to(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, length(file) / 2));
      }
    },
    EMPTY {
      @Override
      void to(Path file) throws IOException {
        Files.write(file, new byte[0]);
      }
    },
    MISSING {
      @Override
      void to(Path file) throws IOException {
        CheckpointFiles.delete(file);
      }
    };

    abstract void to(Path file) throws IOException;

    private static void flip(Path file, int at) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      bytes[at] ^= 0x10;
      Files.write(file, bytes);
    }

    /** Without the zeros that a log has at its end. */
    private static int length(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      int length = bytes.length;
      while (length > 0 && bytes[length - 1] == 0) {
        length--;
      }
      return length;
    }
  }

  /** A store that opens a folder; its log has several files. */
  static StoreHarness open(Path folder, Replication replication) throws Exception {
    return open(folder, replication, "100000");
  }

  private static StoreHarness open(Path folder, Replication replication, String snapshotEntries)
      throws Exception {
    return new StoreHarness(
        StoreConfigs.of(
            folder,
            Map.of(
                StoreOptions.SEGMENT_BYTES, "64k", StoreOptions.SNAPSHOT_ENTRIES, snapshotEntries)),
        1,
        replication);
  }

  /**
   * Fills a folder with a queue.
   *
   * @param live a copy of it as of a moment when the store ran, as after a kill: what is in the log
   *     is not in the tables, and the store has noted how far it is
   */
  static void fill(Path folder, Path live, Replication replication) throws Exception {
    try (StoreHarness store = open(folder, replication);
        FakeRouter router = store.router("router-1")) {
      publish(router);
      await().atMost(PATIENCE).until(() -> committed(folder) > MESSAGES);
      copy(folder, live);
    }
  }

  /** Fills a folder likewise; its log is cut, so that the tables are needed. */
  static void fillAndCut(Path folder, Replication replication) throws Exception {
    try (StoreHarness store = open(folder, replication, "20");
        FakeRouter router = store.router("router-1")) {
      publish(router);
      for (int i = 0; i < ENTRIES_TO_CUT; i++) {
        router.publishSafely(message("nobody", 1, "-"));
      }
      await().atMost(PATIENCE).until(() -> isCut(folder));
    }
  }

  private static boolean isCut(Path folder) throws IOException {
    return Files.exists(folder.resolve("journal"))
        ? !Files.exists(folder.resolve("journal/journal-1"))
        : !Files.exists(find(folder, LOG).resolve("log_0-62"));
  }

  private static void publish(FakeRouter router) throws Exception {
    Attached alice = router.attach(client("alice", 7, 1).setReceiveMaximum(1));
    router.subscribe(alice, "t", 1);
    for (int i = 0; i < MESSAGES; i++) {
      router.publishSafely(message("t", 1, "m" + i + PADDING));
    }
  }

  /** What the store has noted. */
  private static long committed(Path folder) throws IOException {
    Path journal = folder.resolve("journal-known");
    if (Files.exists(journal)) {
      return Long.parseLong(SealedText.read(journal));
    }
    Path notes = folder.resolve("raft-known");
    return Files.exists(notes) ? Long.parseLong(Files.readString(notes).split(" ", -1)[1]) : 0;
  }

  /** It starts, and has everything. */
  static void assertStarts(Path folder, Replication replication) throws Exception {
    try (StoreHarness store = open(folder, replication)) {
      assertWhole(store);
    }
  }

  /** It does not start, or ends as soon as it reads the tables of its shard; why, in one line. */
  static String assertRefused(Path folder, Replication replication) throws Exception {
    String line;
    try (StoreHarness store = open(folder, replication)) {
      await().until(() -> store.node.fault() != null);
      assertEquals(List.of(), store.node.status());
      line = String.valueOf(store.node.fault());
    } catch (DataFolderException refusal) {
      line = String.valueOf(refusal.getMessage());
    }
    assertEquals(1, line.lines().count(), line);
    assertTrue(line.startsWith("data folder " + folder + " is damaged: "), line);
    return line;
  }

  /** It names the file, or else that the log begins behind what the tables have. */
  static void assertNames(String line, Path folder, Path damaged) {
    Path within = folder.resolve(folder.relativize(damaged).getName(0));
    assertTrue(line.contains(within + "") || line.contains("but the tables end at"), line);
  }

  /** All of it is there, in order. */
  static void assertWhole(StoreHarness store) throws Exception {
    try (FakeRouter router = store.router("router-2")) {
      Attached alice = router.attach(client("alice", 7, 2).setReceiveMaximum(65_535));
      assertTrue(alice.getSessionPresent());
      for (int i = 0; i < MESSAGES; i++) {
        assertEquals("m" + i + PADDING, router.delivery().getMessage().getPayload().toStringUtf8());
      }
    }
  }

  /** The largest file, or folder, whose path in the folder is like this. */
  static Path find(Path folder, String pattern) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> found =
          all.filter(path -> folder.relativize(path).toString().matches(pattern))
              .sorted(Comparator.comparingLong(path -> path.toFile().length()))
              .toList();
      assertTrue(!found.isEmpty(), pattern);
      return found.getLast();
    }
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        if (!from.relativize(one).startsWith("native")) {
          Files.copy(one, to.resolve(from.relativize(one).toString()));
        }
      }
    }
  }

  /** The checksum of each file by its path; what a start leaves beside the data is left out. */
  static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.filter(Files::isRegularFile).toList()) {
        contents.put(
            folder.relativize(one).toString(), SealedText.checksum(Files.readAllBytes(one)));
      }
    }
    return contents;
  }

  /** The messages in a file that was salvaged. */
  static List<String> messages(Path file) throws IOException {
    List<String> messages = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode json = new ObjectMapper().readTree(line);
      if (json.get("topic").asText().equals("t")) {
        byte[] payload = Base64.getDecoder().decode(json.get("payload").asText());
        String text = new String(payload, StandardCharsets.UTF_8);
        assertTrue(text.matches("m\\d+-{1000}"), text);
        messages.add(text);
      }
    }
    return messages;
  }
}
