package io.vmqtt.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tried on small standards and small tests. */
class ConformanceTest {
  private static final String SERVER = "MQTT-1.0.0-1 | server | connection | A server does one.";
  private static final String CLIENT = "MQTT-1.0.0-1 | client | connection | A client does one.";
  private static final String CLUSTER = "MQTT-1.0.0-1 | both | cluster | All do one.";
  private static final String TEST =
      """
      package io.vmqtt.gateway;
      class SomeTest {
        @Test @Conforms(v5 = "MQTT-1.0.0-1") void one() {}
      }
      """;

  @TempDir Path folder;

  @Test
  void problems_serverStatementWithATest_none() throws IOException {
    assertEquals(List.of(), conformance(SERVER, List.of(), TEST).problems());
  }

  @Test
  void problems_noTest_named() throws IOException {
    assertEquals(
        List.of("MQTT 5.0, MQTT-1.0.0-1 has no test"),
        conformance(SERVER, List.of(), "class EmptyTest {}").problems());
    assertEquals(
        List.of(), conformance(CLIENT, List.of(), "class OtherTest {}").problems(), "of clients");
  }

  @Test
  void problems_testOfTheOtherStandard_doesNotCount() throws IOException {
    assertEquals(
        List.of(
            "SomeTest.one names the unknown MQTT-1.0.0-1", "MQTT 5.0, MQTT-1.0.0-1 has no test"),
        conformance(SERVER, List.of(), TEST.replace("v5", "v311")).problems());
  }

  @Test
  void problems_listedAsUntested_reasonCounts() throws IOException {
    List<String> untested = List.of("5.0 MQTT-1.0.0-1 | There is no such thing.");

    assertEquals(List.of(), conformance(SERVER, untested, "class NoTest {}").problems());
    assertEquals(
        List.of("MQTT 5.0, MQTT-1.0.0-1 has a test: it need not be in untested.txt"),
        conformance(SERVER, untested, TEST).problems());
    assertEquals(
        List.of("untested.txt names the unknown MQTT-9.0.0-9"),
        conformance(SERVER, List.of("5.0 MQTT-9.0.0-9 | Why."), TEST).problems());
  }

  @Test
  void problems_bindsClientsAlone_takesNoTest() throws IOException {
    assertEquals(
        List.of("MQTT 5.0, MQTT-1.0.0-1 binds clients alone"),
        conformance(CLIENT, List.of(), TEST).problems());
  }

  @Test
  void problems_reachesTheCluster_wantsBothSettings() throws IOException {
    String standalone = TEST.replace("io.vmqtt.gateway", "io.vmqtt.systemtests.standalone");
    String cluster = TEST.replace("io.vmqtt.gateway", "io.vmqtt.systemtests.cluster");

    assertEquals(
        List.of("MQTT 5.0, MQTT-1.0.0-1 has no test of ONE_NODE"),
        conformance(CLUSTER, List.of(), TEST).problems());
    assertEquals(
        List.of("MQTT 5.0, MQTT-1.0.0-1 has no test of ACROSS_GATEWAYS"),
        conformance(CLUSTER, List.of(), standalone).problems());
    assertEquals(List.of(), conformance(CLUSTER, List.of(), standalone, cluster).problems());
  }

  @Test
  void problems_annotationNobodyKeeps_named() throws IOException {
    assertEquals(
        List.of("SomeTest.one is no test"),
        conformance(SERVER, List.of(), TEST.replace("@Test", "")).problems());
    assertEquals(
        List.of("SomeTest.one is disabled"),
        conformance(SERVER, List.of(), TEST.replace("@Test", "@Test @Disabled")).problems());
    assertTrue(
        conformance(SERVER, List.of(), TEST.replace("class", "interface"))
            .problems()
            .contains("SomeTest.one is run by no class"));
  }

  /** A rule that several classes run counts in the setting of each. */
  @Test
  void text_testInAnInterface_isNamedByTheClassesThatImplementIt() throws IOException {
    String page =
        new ConformancePage(
                conformance(
                    CLUSTER,
                    List.of(),
                    TEST.replace("class SomeTest", "public interface Rules"),
                    "package io.vmqtt.systemtests.standalone; class OneIT implements Rules {}",
                    "package io.vmqtt.systemtests.cluster; class AllIT implements Other, Rules {}"))
            .text();

    assertTrue(page.contains("| MQTT-1.0.0-1 | All do one. |  | OneIT.one | AllIT.one |\n"), page);
  }

  @Test
  void text_untested_saysWhy() throws IOException {
    String page =
        new ConformancePage(
                conformance(SERVER, List.of("5.0 MQTT-1.0.0-1 | Why."), "class NoTest {}"))
            .text();

    assertTrue(page.contains("Of 1 statements 0 bind clients alone. Of the others 0 have"), page);
    assertTrue(page.contains("| MQTT-1.0.0-1 | A server does one. | Why. |\n"), page);
  }

  @Test
  void sections_lineThatIsNoStatement_saidSo() {
    for (String line : List.of("MQTT-1.0.0 | server | connection | x", "MQTT-1.0.0-1 | server")) {
      assertThrows(IllegalArgumentException.class, () -> Standard.sections(List.of("== 1", line)));
    }
  }

  private Conformance conformance(String statement, List<String> untested, String... sources)
      throws IOException {
    List<Path> files = new ArrayList<>();
    for (String source : sources) {
      files.add(Files.writeString(folder.resolve("Source" + files.size() + ".java"), source));
    }
    return new Conformance(
        Map.of(Standard.V5, Standard.sections(List.of("== 1 One", statement))),
        untested,
        TestSources.parse(files));
  }
}
