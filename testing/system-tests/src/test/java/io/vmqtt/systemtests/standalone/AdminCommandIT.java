package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.AdminApi;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code vmqtt admin} with the password that a new broker has shown. */
class AdminCommandIT {
  private static final Path LAUNCHER = Path.of("..", "..", "vmqtt").toAbsolutePath().normalize();
  private static final Pattern PASSWORD = Pattern.compile("'admin' has the password (\\S+) ;");
  private static final int PATIENCE_SECONDS = 60;

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();

  @TempDir private Path folder;

  /** As it was shown, once. */
  private static String password = "";

  @BeforeAll
  static void readPassword() {
    password = shownPassword();
  }

  @BeforeEach
  void keepPassword() throws IOException {
    Files.writeString(folder.resolve("password"), password + "\n");
  }

  private static String shownPassword() {
    return broker.process().output().stream()
        .map(PASSWORD::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError(broker.process().describe()));
  }

  private record Said(int exitCode, String out, String err) {}

  private Said admin(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "admin"));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("VMQTT_ADMIN_URL", "http://" + broker.http());
    builder.environment().put("VMQTT_ADMIN_PASSWORD_FILE", folder.resolve("password").toString());
    Process process = builder.start();
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it does not end");
    return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void clientSessionAndMessages_areSeenAndChanged() throws Exception {
    try (RawConnection pump =
        RawConnection.openAnd(
            broker.mqtt(), RawConnect.kept(5, "pump-7").withKeptSeconds(3600).encoded())) {
      pump.send(Packets.subscribe(1, "plant/#", 1)).read();

      Said clients = admin("clients");
      assertTrue(clients.out().contains("pump-7"), clients::toString);
      assertTrue(admin("where", "pump-7").out().contains("attached"));
      Said why = admin("explain", "--topic", "plant/a", "--to", "pump-7");
      assertTrue(why.out().contains("would be delivered now with QoS 1"), why::toString);
      assertTrue(admin("routes").out().contains("plant/#"));
      assertTrue(admin("top", "--seconds", "1").out().contains("WAITING FOR"));
      assertEquals(2, admin("top", "--seconds", "9").exitCode());
      assertEquals(2, admin("trace").exitCode());
      Said trace = admin("trace", "pump-7", "--seconds", "1", "--output", "json");
      assertEquals(new Said(0, "", ""), trace); // nothing passed
      Said published = admin("publish", "plant/a", "hello", "--retain");
      assertEquals("plant/a: published\n", published.out(), published::toString);
      assertEquals("hello", pump.read().payload(5));
      assertEquals(1, admin("publish", "plant/a", "x", "--client", "nobody").exitCode());
      assertEquals(0, admin("disconnect", "pump-7").exitCode());
      assertEquals(0x98, pump.read().reasonCode());
    }
    Said queue = admin("queue", "pump-7", "--payloads");
    assertTrue(queue.out().contains("aGVsbG8="), queue::toString); // it was not acknowledged
    assertTrue(admin("retained").out().contains("plant/a"));
    assertTrue(admin("sessions", "--output", "json").out().contains("\"clientId\" : \"pump-7\""));
    assertEquals(0, admin("end-session", "pump-7").exitCode());
    assertEquals(1, admin("session", "pump-7").exitCode());
    Said alarms = admin("alarms", "--cleared");
    assertEquals(0, alarms.exitCode());
    assertTrue(alarms.out().startsWith("SEVERITY  ALARM"), alarms::toString);
    assertTrue(alarms.out().contains("CLEARED"), alarms::toString);
  }

  @Test
  void rules_areChanged_stayAfterARestart_andAreTakenBack() throws Exception {
    Path rules = folder.resolve("rules.yaml");
    Files.writeString(rules, "rules:\n  - deny: publish\n    topics: a\n  - default: allow\n");
    Said changed = admin("access", "--set", rules.toString());
    assertEquals(0, changed.exitCode(), changed::toString);
    String version = changed.out().split(" ", -1)[1];

    broker.process().stop();
    broker.start();
    await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(() -> admin("access").out().contains("# version " + version));

    try (RawConnection pump =
        RawConnection.openAnd(broker.mqtt(), RawConnect.clean(5, "pump-8").encoded())) {
      assertEquals(0x87, pump.send(Packets.publish("a", "x", 1, 1)).read().reasonCode());
    }
    Files.writeString(rules, "{}");
    assertEquals(0, admin("access", "--set", rules.toString()).exitCode());
    assertTrue(admin("access", "--versions").out().contains(version));
    Files.writeString(rules, "rules:\n  - alow: publish\n");
    Said wrong = admin("access", "--set", rules.toString());
    assertEquals(2, wrong.exitCode());
    assertTrue(wrong.err().contains("line 2: alow"), wrong::toString);

    assertEquals(0, admin("ban", "client-id", "pump-8", "--for", "1h").exitCode());
    assertTrue(admin("bans").out().contains("client-id: pump-8"));
    assertEquals(0, admin("unban", "client-id", "pump-8").exitCode());
    assertEquals(1, admin("unban", "client-id", "pump-8").exitCode());
    assertEquals(2, admin("ban", "device", "pump-8").exitCode());
  }

  @Test
  void process_isLookedInto() throws Exception {
    Said configuration = admin("configuration", "--set");
    assertTrue(
        configuration.out().lines().anyMatch(line -> line.matches(".* data .*command line.*")),
        configuration::toString);
    String store =
        configuration
            .out()
            .lines()
            .filter(line -> line.startsWith("session-store"))
            .map(line -> line.split(" +", -1)[1])
            .findFirst()
            .orElseThrow();
    Said levels = admin("log-levels", store, "io.vmqtt.nobody=DEBUG");
    assertTrue(levels.out().contains("io.vmqtt.nobody"), levels::toString);
    assertEquals(0, admin("log-levels", store, "io.vmqtt.nobody=start").exitCode());
    Path dump = folder.resolve("threads.txt");
    assertEquals(0, admin("thread-dump", store, "--to", dump.toString()).exitCode());
    assertTrue(Files.readString(dump).contains("\"main\""));
    assertEquals(2, admin("thread-dump", store, "--to", dump.toString()).exitCode());
    Path heap = folder.resolve("heap.hprof");
    assertEquals(1, admin("heap-dump", "none", "--to", heap.toString()).exitCode());
    assertTrue(Files.notExists(heap), "nothing is left of a refusal");
    assertEquals(2, admin("heap-dump", store, "--to", folder + "/none/heap.hprof").exitCode());
  }

  @Test
  void retained_isSetShownExportedAndDeleted() throws Exception {
    assertEquals(0, admin("set-retained", "one/topic", "hello").exitCode());
    assertTrue(admin("retained-message", "one/topic").out().contains("aGVsbG8="));
    Path file = folder.resolve("retained.ndjson");
    assertEquals(
        0, admin("export-retained", "--filter", "one/#", "--to", file.toString()).exitCode());
    assertEquals(1, Files.readAllLines(file).size());
    assertEquals(0, admin("delete-retained", "one/topic").exitCode());
    assertEquals(1, admin("retained-message", "one/topic").exitCode());
  }

  @Test
  void subscribe_printsWhatIsRetained_thenWhatIsPublished() throws Exception {
    assertEquals(0, admin("set-retained", "heard/kept", "before").exitCode());
    Said one = admin("subscribe", "heard/#", "--retained", "--count", "1");
    assertEquals("heard/kept before\n", one.out(), one::toString);
    assertEquals(0, one.exitCode(), one::toString);
    assertEquals(0, admin("delete-retained", "heard/kept").exitCode());
    Said wrong = admin("subscribe", "a#");
    assertEquals(2, wrong.exitCode());
    assertTrue(wrong.err().contains("filter: "), wrong::toString);
    assertEquals(2, admin("subscribe", "$share/g/a").exitCode());
  }

  @Test
  void wrongCommand_isToldInOneLine() throws Exception {
    Said unknown = admin("clients", "--protocol", "7");
    assertEquals(2, unknown.exitCode());
    assertEquals(1, unknown.err().lines().count(), unknown::toString);
    Said nowhere = admin("nodes", "--url", "http://127.0.0.1:1");
    assertEquals(3, nowhere.exitCode(), nowhere::toString);
    assertEquals(1, nowhere.err().lines().count(), nowhere::toString);
    assertEquals(2, admin("nodes", "--output", "xml").exitCode());
    assertEquals(2, admin("disconnect", "c", "--watch").exitCode());
    assertEquals(1, admin("disconnect", "nobody").exitCode());
    Files.writeString(folder.resolve("password"), "wrong\n");
    assertEquals(1, admin("nodes").exitCode());
  }

  @Test
  void firstOperator_staysTheSameAfterARestart() {
    broker.process().stop();
    broker.start();
    await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(
            () ->
                AdminApi.as(broker.http(), "admin", password).ask("GET", "/me", null).status()
                    == 200);
  }
}
