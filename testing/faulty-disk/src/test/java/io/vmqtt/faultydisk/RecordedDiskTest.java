package io.vmqtt.faultydisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedDiskTest {
  @TempDir Path scratch;

  private Path data;
  private RecordedDisk disk;

  @BeforeEach
  void makeDisk() throws IOException {
    assumeTrue(RecordedDisk.isPossible(), "there is no C compiler");
    data = Files.createDirectory(scratch.resolve("data"));
    disk = new RecordedDisk(data, scratch.resolve("notes"));
  }

  /** Words that begin with a slash are paths in the folder. */
  private String scribe(Map<String, String> environment, String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of(Scribe.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString(),
                Scribe.class.getName()));
    for (String word : words) {
      command.add(word.startsWith("/") ? data + (word.equals("/") ? "" : word) : word);
    }
    return run(environment, command);
  }

  private static String run(Map<String, String> environment, List<String> command)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private void scribe(String... words) throws Exception {
    scribe(disk.environment(), words);
  }

  private String text(String name) throws IOException {
    return Files.readString(data.resolve(name));
  }

  private boolean isThere(String name) {
    return Files.exists(data.resolve(name));
  }

  @Test
  void powerOff_contentAndNameSynced_isThere() throws Exception {
    scribe("write", "/a", "one ", "write", "/a", "two", "sync", "/a", "sync", "/");
    disk.powerOff(Luck.none());
    assertEquals("one two", text("a"));
  }

  @Test
  void powerOff_writtenBySyncedWrites_isThere() throws Exception {
    scribe("write-sync", "/a", "one", "sync", "/");
    disk.powerOff(Luck.none());
    assertEquals("one", text("a"));
  }

  @Test
  void powerOff_contentNotSynced_isEmpty() throws Exception {
    scribe("write", "/a", "one", "sync", "/");
    assertEquals("one", text("a"));
    disk.powerOff(Luck.none());
    assertEquals("", text("a"));
  }

  @Test
  void powerOff_writtenAfterTheSync_isGone() throws Exception {
    scribe("write", "/a", "one", "sync", "/a", "sync", "/", "write", "/a", "two");
    disk.powerOff(Luck.none());
    assertEquals("one", text("a"));
  }

  @Test
  void powerOff_nameNotSynced_isNotThere() throws Exception {
    scribe("write", "/a", "one", "sync", "/a");
    disk.powerOff(Luck.none());
    assertFalse(isThere("a"));
  }

  @Test
  void powerOff_movedAndFolderNotSynced_hasTheOldContent() throws Exception {
    scribe("write", "/a", "old", "sync", "/a", "sync", "/");
    scribe("write", "/a.new", "new", "sync", "/a.new", "move", "/a.new", "/a");
    assertEquals("new", text("a"));
    disk.powerOff(Luck.none());
    assertEquals("old", text("a"));
  }

  @Test
  void powerOff_movedAndFolderSynced_hasTheNewContent() throws Exception {
    scribe("write", "/a", "old", "sync", "/a", "sync", "/");
    scribe("write", "/a.new", "new", "sync", "/a.new", "move", "/a.new", "/a", "sync", "/");
    disk.powerOff(Luck.none());
    assertEquals("new", text("a"));
    assertFalse(isThere("a.new"));
  }

  @Test
  void powerOff_deletedAndFolderNotSynced_isThereAgain() throws Exception {
    scribe("write", "/a", "one", "sync", "/a", "sync", "/", "delete", "/a");
    disk.powerOff(Luck.none());
    assertEquals("one", text("a"));
  }

  @Test
  void powerOff_folderThatNobodySynced_isGoneWithAllThatIsInIt() throws Exception {
    scribe("mkdir", "/f", "write", "/f/a", "one", "sync", "/f/a", "sync", "/f");
    disk.powerOff(Luck.none());
    assertFalse(isThere("f"));
  }

  @Test
  void powerOff_folderMoved_keepsWhatWasSyncedInIt() throws Exception {
    scribe(
        "mkdir", "/f", "write", "/f/a", "one", "sync", "/f/a", "sync", "/f", "move", "/f", "/g",
        "write", "/g/a", "two", "sync", "/g/a", "sync", "/");
    disk.powerOff(Luck.none());
    assertEquals("onetwo", text("g/a"));
    assertFalse(isThere("f"));
  }

  @Test
  void powerOff_movedToAnotherFolder_isThereAlone() throws Exception {
    scribe("mkdir", "/f", "mkdir", "/g", "sync", "/");
    scribe(
        "write", "/f/a", "one", "sync", "/f/a", "move", "/f/a", "/g/a", "sync", "/g", "sync", "/f");
    disk.powerOff(Luck.none());
    assertEquals("one", text("g/a"));
    assertFalse(isThere("f/a"));
  }

  @Test
  void powerOff_linkedAndCopied_areFilesLikeOthers() throws Exception {
    scribe(
        "write", "/a", "one", "sync", "/a", "link", "/b", "/a", "copy", "/a", "/c", "sync", "/c",
        "copy", "/a", "/d", "delete", "/a", "sync", "/");
    disk.powerOff(Luck.none());
    assertEquals("one", text("b"));
    assertEquals("one", text("c"));
    assertEquals("", text("d"));
    assertFalse(isThere("a"));
  }

  @Test
  void powerOff_cutShortAndNotSynced_isLongAgain() throws Exception {
    scribe("write", "/a", "one two", "sync", "/a", "sync", "/", "truncate", "/a", "3");
    assertEquals("one", text("a"));
    disk.powerOff(Luck.none());
    assertEquals("one two", text("a"));
  }

  @Test
  void powerOff_twice_keepsWhatWasSafeBefore() throws Exception {
    scribe("write", "/a", "one", "sync", "/a", "sync", "/");
    disk.powerOff(Luck.none());
    scribe("write-at", "/a", "0", "ONE", "write", "/b", "two");
    disk.powerOff(Luck.none());
    assertEquals("one", text("a"));
    assertFalse(isThere("b"));
  }

  @Test
  void powerOff_afterProcessesThatFollowedOneAnother_knowsWhatEachDid() throws Exception {
    scribe("write", "/a", "one", "sync", "/");
    scribe("write", "/a", "two");
    scribe("sync", "/a");
    disk.powerOff(Luck.none());
    assertEquals("onetwo", text("a"));
  }

  @Test
  void powerOff_afterTheFolderWasReplaced_knowsThatNothingIsLeftOfBefore() throws Exception {
    scribe("write", "/a", "one", "sync", "/a", "sync", "/");
    Files.delete(data.resolve("a"));
    Files.writeString(data.resolve("b"), "two");
    disk.replaced();
    scribe("write", "/b", "three");
    disk.powerOff(Luck.none());
    assertEquals("two", text("b"));
    assertFalse(isThere("a"));
  }

  @Test
  void powerOff_processThatForgetsToSync_loses() throws Exception {
    scribe(
        disk.forgetful("/b"),
        "write",
        "/a",
        "one",
        "sync",
        "/a",
        "write",
        "/b",
        "two",
        "sync",
        "/b",
        "sync",
        "/");
    disk.powerOff(Luck.none());
    assertEquals("one", text("a"));
    assertEquals("", text("b"));
  }

  @Test
  void powerOff_processThatForgetsFoldersAlone_losesTheNamesInThem() throws Exception {
    scribe("mkdir", "/f", "sync", "/");
    scribe(
        disk.forgetful("/f$"),
        "write",
        "/f/a",
        "one",
        "sync",
        "/f/a",
        "sync",
        "/f",
        "write",
        "/b",
        "two",
        "sync",
        "/b",
        "sync",
        "/");
    disk.powerOff(Luck.none());
    assertFalse(isThere("f/a"));
    assertEquals("two", text("b"));
  }

  @Test
  void fail_sync_saysSoOnce_andLosesWhatItWasToSave() throws Exception {
    scribe("write", "/a", "one ", "sync", "/a", "sync", "/");
    disk.fail(DiskCall.SYNC, DiskProblem.BROKEN, 1, "/a");
    String output =
        scribe(
            disk.environment(),
            "write",
            "/a",
            "two ",
            "sync",
            "/a",
            "sync",
            "/a",
            "write",
            "/a",
            "three",
            "sync",
            "/a");
    assertEquals("no sync of a: Input/output error", output.strip());
    assertTrue(disk.hasFailed());
    disk.powerOff(Luck.none());
    assertEquals("one \0\0\0\0three", text("a"));
  }

  @Test
  void powerOff_withLuck_tearsAndReorders() throws Exception {
    String sectors = "a".repeat(512) + "b".repeat(512) + "c".repeat(512);
    List<String> words = new ArrayList<>(List.of("write", "/a", "x".repeat(1536)));
    words.addAll(List.of("sync", "/a", "sync", "/", "write-at", "/a", "0", sectors));
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 12; seed++) {
      data = Files.createDirectory(scratch.resolve("data-" + seed));
      disk = new RecordedDisk(data, scratch.resolve("notes-" + seed));
      scribe(words.toArray(String[]::new));
      disk.powerOff(Luck.some(seed));
      String text = text("a");
      for (int sector = 0; sector < 3; sector++) {
        char expected = (char) ('a' + sector);
        char found = text.charAt(sector * 512);
        assertTrue(found == 'x' || found == expected, "sector " + sector + " has " + found);
        assertEquals(
            String.valueOf(found).repeat(512), text.substring(sector * 512, sector * 512 + 512));
      }
      seen.add(Arrays.toString(new char[] {text.charAt(0), text.charAt(512), text.charAt(1024)}));
    }
    assertTrue(seen.size() > 2, () -> "too few ways: " + seen);
  }

  @Test
  void powerOff_numberOfAFileClosedByAStreamIsUsedAgain_writesNothingIntoTheFile()
      throws Exception {
    scribe("write", "/a", "one", "sync", "/a", "sync", "/");
    run(
        disk.environment(),
        List.of(program("reuses"), data.resolve("a").toString(), scratch.resolve("b").toString()));
    disk.powerOff(Luck.none());
    assertEquals("one", text("a"));
    assertEquals("other", Files.readString(scratch.resolve("b")));
  }

  private String program(String name) throws Exception {
    Path program = scratch.resolve(name);
    Path source = Path.of(getClass().getResource("/" + name + ".c").toURI());
    run(Map.of(), List.of("cc", "-o", program.toString(), source.toString()));
    return program.toString();
  }

  /** What a program writes by streams, by further numbers of a file, or at its end, counts, too. */
  @Test
  void powerOff_writtenByStreamsAndOtherNumbers_isThereAsFarAsItWasSynced() throws Exception {
    scribe("write", "/a", "", "sync", "/a", "sync", "/");
    run(disk.environment(), List.of(program("streams"), data.resolve("a").toString()));
    assertEquals("stream dup fcntl dup3!end last", text("a"));
    disk.powerOff(Luck.none());
    assertEquals("stream dup fcntl dup3 end last", text("a"));
  }
}
