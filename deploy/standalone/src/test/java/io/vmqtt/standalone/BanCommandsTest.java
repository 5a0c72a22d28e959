package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.machine.Command;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BanCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void nameFile() {
    file = folder.resolve("bans.yaml");
  }

  private int run(String command, String... more) {
    List<String> all = new ArrayList<>(List.of("access", command, file.toString()));
    all.addAll(List.of(more));
    out.getBuffer().setLength(0);
    CommandLine vmqtt = Vmqtt.commandLine(Map.of());
    vmqtt.setOut(new PrintWriter(out, true));
    vmqtt.setErr(new PrintWriter(err, true));
    return vmqtt.execute(all.toArray(String[]::new));
  }

  private List<String> bans() {
    assertEquals(0, run("bans"), err::toString);
    return out.toString().lines().toList();
  }

  @Test
  void ban_newFile_isMadeAndListed() {
    assertEquals(
        0,
        run(
            "ban",
            "--client-id",
            "pump-7",
            "--namespace",
            "plant",
            "--reason",
            "stolen",
            "--by",
            "me"),
        err::toString);
    assertEquals(file + ": client-id pump-7 in namespace 'plant' is banned\n", out.toString());
    assertEquals(0, run("ban", "--address", "203.0.113.0/24", "--until", "2200-01-01T00:00:00Z"));

    List<String> bans = bans();

    assertEquals(2, bans.size(), bans::toString);
    assertTrue(bans.getFirst().startsWith("client-id pump-7 in namespace 'plant', since "));
    assertTrue(bans.getFirst().endsWith("Z, by me: stolen"), bans::toString);
    assertTrue(bans.getLast().startsWith("address 203.0.113.0/24, until 2200-01-01T00:00:00Z,"));
  }

  @Test
  void ban_again_takesThePlaceOfTheFirst() {
    assertEquals(0, run("ban", "--user", "anna", "--for", "1h"));
    assertEquals(0, run("ban", "--user", "anna", "--reason", "for good"));

    List<String> bans = bans();

    assertEquals(1, bans.size(), bans::toString);
    assertTrue(bans.getFirst().endsWith(": for good"), bans::toString);
  }

  @Test
  void unban_takesThatOneBackAlone() {
    assertEquals(0, run("ban", "--user", "anna"));
    assertEquals(0, run("ban", "--user", "anna", "--namespace", ""));
    assertEquals(0, run("ban", "--client-id", "anna"));

    assertEquals(0, run("unban", "--user", "anna"));

    assertEquals(2, bans().size());
    assertEquals(1, run("unban", "--user", "anna"));
    assertEquals(file + ": user anna is not banned\n", out.toString());
  }

  @Test
  void ban_another_dropsWhatHasEnded() throws IOException {
    Files.writeString(file, "bans: [{user: old, until: 2020-01-01T00:00:00Z}]");
    assertEquals(List.of("user old, ended 2020-01-01T00:00:00Z"), bans());

    assertEquals(0, run("ban", "--user", "new"));

    assertEquals(1, bans().size());
  }

  @Test
  void pardon_isWrittenAndListedAndBansStay() {
    assertEquals(0, run("ban", "--user", "anna"));

    assertEquals(
        0,
        run("pardon", "--address", "203.0.113.7", "--reason", "one of many", "--by", "me"),
        err::toString);
    assertEquals(file + ": address 203.0.113.7 is pardoned\n", out.toString());
    assertEquals(0, run("pardon", "--client-id", "pump"));
    assertEquals(0, run("ban", "--user", "bob"));
    assertEquals(0, run("unban", "--user", "anna"));

    List<String> pardons = pardons();
    assertEquals(2, pardons.size(), pardons::toString);
    assertTrue(pardons.getFirst().startsWith("address 203.0.113.7, at 2"), pardons::toString);
    assertTrue(pardons.getFirst().endsWith("Z, by me: one of many"), pardons::toString);
    assertTrue(pardons.getLast().startsWith("client-id pump, at "), pardons::toString);
    assertEquals(1, bans().size());
  }

  /** It must not be of before what was there when it was said. */
  @Test
  void pardon_again_takesThePlaceOfTheFirstAndIsOfNow() throws IOException {
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Files.writeString(
        file,
        "pardons: [{user: anna, at: "
            + before.minusSeconds(60)
            + "}, {user: old, at: "
            + before.minus(Duration.ofDays(2))
            + "}]");

    assertEquals(0, run("pardon", "--user", "anna"));

    List<String> pardons = pardons();
    assertEquals(1, pardons.size(), "what is about nothing any more is not written again");
    String at = pardons.getFirst().replaceAll(".*, at (.*), by .*", "$1");
    assertFalse(Instant.parse(at).isBefore(before), pardons::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--reason x | Missing required argument",
        "--user a --address 10.0.0.1 | mutually exclusive",
        "--address 10.0.0.1/8 | --address: 10.0.0.1/8 begins with 10.0.0.0",
        "--user a --namespace b | Unknown option"
      })
  void pardon_whatCannotBe_saysWhyAndWritesNothing(String args, String complaint) {
    assertEquals(2, run("pardon", args.split(" ")));

    assertTrue(err.toString().contains(complaint), err::toString);
    assertTrue(Files.notExists(file));
  }

  private List<String> pardons() {
    assertEquals(0, run("pardons"), err::toString);
    return out.toString().lines().toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--for 1h | Missing required argument",
        "--user a --client-id b | mutually exclusive",
        "--address 10.0.0.1/8 | --address: 10.0.0.1/8 begins with 10.0.0.0",
        "--user a --namespace A/B | --namespace: ",
        "--user a --for soon | --for: 'soon' is not a time",
        "--user a --until soon | --until: 'soon' is no time",
        "--user a --for 1h --until 2200-01-01T00:00:00Z | mutually exclusive"
      })
  void ban_whatCannotBe_saysWhyAndWritesNothing(String args, String complaint) {
    assertEquals(2, run("ban", args.split(" ")));

    assertTrue(err.toString().contains(complaint), err::toString);
    assertTrue(Files.notExists(file));
  }

  @Test
  void ban_fileThatIsNoneOfBans_staysAsItIs() throws IOException {
    Files.writeString(file, "rules: []");

    assertEquals(2, run("ban", "--user", "a"));

    assertEquals("rules: []", Files.readString(file));
    assertTrue(err.toString().contains("there is one section bans, and one of pardons"));
  }

  @Test
  void ban_severalAtOnce_noneIsLost() throws Exception {
    int count = 20;
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<Future<Integer>> done = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String[] arguments = {"access", "ban", file.toString(), "--client-id", "pump-" + i};
        done.add(threads.submit(() -> Vmqtt.commandLine(Map.of()).execute(arguments)));
      }
      for (Future<Integer> one : done) {
        assertEquals(0, one.get());
      }
    }

    assertEquals(count, bans().size());
  }

  /** Another process has the file: this one waits until it is done. */
  @Test
  void ban_whileAnotherProcessChangesTheFile_waits() throws Exception {
    Process other;
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("bans.yaml.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      other =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Vmqtt.class.getName(),
                  "access",
                  "ban",
                  file.toString(),
                  "--client-id",
                  "pump-1")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertFalse(other.waitFor(5, TimeUnit.SECONDS));
      assertFalse(Files.exists(file));
    }

    assertEquals(0, Command.awaitEnd(other));
    assertEquals(1, bans().size());
  }
}
