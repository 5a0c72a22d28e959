package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AccessCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("access.yaml");
    Files.writeString(
        file,
        """
        rules:
          - allow: publish
            topics: devices/${clientid}/#
            qos: [0, 1]
          - allow: [publish, subscribe]
            topics: ["sites/${claims.site}/#", "#"]
            users: alice
            namespaces: plant
        """);
  }

  private int run(String... args) {
    CommandLine vmqtt = Vmqtt.commandLine(Map.of());
    vmqtt.setOut(new PrintWriter(out, true));
    vmqtt.setErr(new PrintWriter(err, true));
    return vmqtt.execute(args);
  }

  private int test(String args) {
    List<String> all = new ArrayList<>(List.of("access", "test", "--access", file.toString()));
    all.addAll(List.of(args.split(" ")));
    return run(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "publish --client-id d1 --topic devices/d1/x"
            + " | 0 | allowed: FILE, line 2: allow publish devices/${clientid}/#",
        "publish --client-id d1 --topic devices/d2/x"
            + " | 1 | denied: no rule of FILE is about it, so its default decides",
        "publish --client-id d1 --topic devices/d1/x --qos 2"
            + " | 1 | denied: no rule of FILE is about it, so its default decides",
        "subscribe --client-id d1 --user alice --namespace plant --topic a/+"
            + " | 0 | allowed: FILE, line 5: allow publish and subscribe sites/${claims.site}/#, #",
        "subscribe --client-id d1 --user alice --topic a/+"
            + " | 1 | denied: no rule of FILE is about it, so its default decides",
      })
  void test_saysWhatHoldsAndWhichLineDecides(String args, int code, String line) {
    assertEquals(code, test(args), err::toString);
    assertEquals(line.replace("FILE", file.toString()), out.toString().strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--topic own/d1 | 0 | allowed: OWN, rule 2 of its own: allow publish own/${clientid}",
        "--topic devices/d1/no | 1 | denied: OWN, rule 1 of its own: deny publish devices/+/no",
        "--topic devices/d1/x | 0 | allowed: FILE, line 2: allow publish devices/${clientid}/#",
        "--topic x | 1 | denied: no rule of OWN and FILE is about it, so its default decides",
      })
  void test_withRulesOfTheClientsOwn_saysWhichOnesDecide(String args, int code, String line)
      throws IOException {
    Path own =
        own(
            "[{\"deny\":\"publish\",\"topics\":\"devices/+/no\"},"
                + "{\"allow\":\"publish\",\"topics\":\"own/${clientid}\"}]");

    assertEquals(code, test("publish --client-id d1 --rules " + own + ' ' + args), err::toString);
    assertEquals(
        line.replace("FILE", file.toString()).replace("OWN", own.toString()),
        out.toString().strip());
  }

  @Test
  void test_ownRulesAlone_nothingElseIsAllowed() throws IOException {
    Path own = own("[{\"allow\":\"publish\",\"topics\":\"a\"}]");

    assertEquals(
        1,
        run(
            "access",
            "test",
            "--rules",
            own.toString(),
            "publish",
            "--client-id",
            "c",
            "--topic",
            "b"),
        err::toString);
    assertEquals(
        "denied: no rule of " + own + " is about it, so it is not allowed", out.toString().strip());
  }

  @Test
  void test_ownRulesCannotBe_oneLineSaysWhichIsWrong() throws IOException {
    Path own = own("[{\"allow\":\"all\",\"topics\":\"a\"}]");

    assertEquals(2, test("publish --client-id c --topic a --rules " + own));
    assertTrue(
        err.toString()
            .startsWith(
                "vmqtt access test: --rules: "
                    + own
                    + ": rule 1: neither publish nor subscribe, but 'all'"),
        err::toString);
    assertEquals(2, run("access", "test", "publish", "--client-id", "c", "--topic", "a"));
  }

  private Path own(String json) throws IOException {
    return Files.writeString(folder.resolve("own.json"), json);
  }

  @Test
  void test_fileWithoutRules_everythingIsAllowed() throws IOException {
    Files.writeString(file, "{}");

    assertEquals(0, test("publish --client-id c --topic t"));
    assertEquals("allowed: " + file + " has no rules", out.toString().strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "see --client-id c --topic t | ACTION: neither publish nor subscribe, but 'see'",
        "publish --client-id c --topic a/# | --topic: 'a/#' is no topic name",
        "subscribe --client-id c --topic a/#/b | --topic: ",
        "subscribe --client-id c --topic a --retain | --retain is for publish",
        "publish --client-id c --topic a --qos 3 | --qos: QoS must be 0, 1 or 2 but is 3",
        "publish --client-id c --topic a --namespace X | --namespace: a namespace has",
        "publish --client-id c --topic a --certificate none | --certificate: none cannot be read",
        "publish --topic a | Missing required option",
      })
  void test_whatCannotBe_oneLineNamesIt(String args, String complaint) {
    assertEquals(2, test(args));

    assertTrue(err.toString().startsWith("vmqtt access test: " + complaint), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
  }

  @Test
  void check_fileThatCanBe_saysSo() {
    assertEquals(0, run("access", "check", file.toString()), err::toString);
    assertEquals(file + " has 2 rules", out.toString().strip());
  }

  @Test
  void check_fileThatCannotBe_namesTheLine() throws IOException {
    Files.writeString(file, "rules:\n- allow: publish\n  topics: a/#/b\n");

    assertEquals(2, run("access", "check", file.toString()));

    assertTrue(
        err.toString()
            .startsWith(
                "vmqtt access check: FILE: "
                    + file
                    + ", line 3: topics: 'a/#/b': # is the last level"),
        err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
  }

  @Test
  void access_alone_oneLineNamesTheCommands() {
    assertEquals(2, run("access"));
    assertTrue(err.toString().contains("a command is needed: check, test"), err::toString);
  }

  /** The worked example of the manual, and what it says of it. */
  @Test
  void test_exampleOfTheManual_isAsTheManualSays() throws IOException {
    String manual = Files.readString(Path.of("../../docs/access.md"));
    int start = manual.indexOf("```yaml\n") + "```yaml\n".length();
    Files.writeString(file, manual.substring(start, manual.indexOf("```", start)));

    assertEquals(
        0,
        test(
            "--user device-7 --client-id c publish --topic plant/north/devices/device-7/temperature"),
        err::toString);
    assertEquals(1, test("--user device-7 --client-id c subscribe --topic plant/#"), err::toString);
    for (String line : out.toString().lines().toList()) {
      assertTrue(manual.contains(line.replace(file.toString(), "access.yaml")), line);
    }
  }
}
