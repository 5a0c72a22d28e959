package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.host.FolderCheck;
import io.vmqtt.store.storage.DataFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What they find in folders of stores is tested with the store. */
class StoreCommandsTest {
  private static final int DAMAGED = 1;
  private static final int WRONG = 2;

  @TempDir private Path temporary;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path data = Path.of("");

  @BeforeEach
  void store() throws Exception {
    data = temporary.resolve("data");
    try (DataFolder folder = DataFolder.open(data, FolderCheck::beforeStart)) {
      folder.keepNodeId();
    }
  }

  private int store(String... arguments) {
    CommandLine vmqtt = Vmqtt.commandLine(Map.of());
    vmqtt.setOut(new PrintWriter(out, true));
    vmqtt.setErr(new PrintWriter(err, true));
    String[] all = new String[arguments.length + 1];
    all[0] = "store";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return vmqtt.execute(all);
  }

  @Test
  void check_goodFolder_isSaidToBeGood() throws Exception {
    String id = Files.readAllLines(data.resolve("node-id")).getFirst();
    assertEquals(0, store("check", data.toString()), err::toString);
    assertEquals(
        List.of("good     store id: " + id, data + " is not damaged"),
        out.toString().lines().toList());
  }

  @Test
  void check_damagedFile_isNamed() throws Exception {
    Files.writeString(data.resolve("node-id"), "store-");
    assertEquals(DAMAGED, store("check", data.toString()));
    String first = out.toString().lines().findFirst().orElseThrow();
    assertTrue(first.startsWith("damaged  store id: " + data.resolve("node-id")), first);
  }

  @Test
  void check_folderInUse_isNotLookedAt() throws Exception {
    try (DataFolder folder = DataFolder.open(data, FolderCheck::beforeStart)) {
      assertEquals(WRONG, store("check", folder.path().toString()));
    }
    assertTrue(err.toString().contains("is in use"), err::toString);
  }

  @Test
  void check_noFolder_isNotMade() {
    assertEquals(WRONG, store("check", temporary.resolve("none").toString()));
    assertFalse(Files.exists(temporary.resolve("none")));
  }

  @Test
  void convert_folderWithoutLogs_orToWhatThereIsNot_isRefused() {
    assertEquals(WRONG, store("convert", data.toString(), "--to", "raft"));
    assertTrue(err.toString().contains("has no logs to be converted"), err::toString);
    assertEquals(WRONG, store("convert", data.toString(), "--to", "rocks"));
    assertTrue(err.toString().contains("is neither raft nor journal"), err::toString);
    assertFalse(Files.exists(data.resolve("raft")));
  }

  @Test
  void salvage_intoTheFolder_isRefused() {
    assertEquals(WRONG, store("salvage", data.toString(), "--to", data.resolve("x").toString()));
    assertFalse(Files.exists(data.resolve("x")));
  }

  @Test
  void salvage_fileThatIsThere_isLeftAlone() throws Exception {
    Path there = Files.writeString(temporary.resolve("there"), "mine");
    assertEquals(WRONG, store("salvage", data.toString(), "--to", there.toString()));
    assertEquals("mine", Files.readString(there));
  }

  @Test
  void salvage_noShards_writesAnEmptyFile() throws Exception {
    Path to = temporary.resolve("salvaged");
    assertEquals(0, store("salvage", data.toString(), "--to", to.toString()), err::toString);
    assertEquals("", Files.readString(to));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(to)));
  }
}
