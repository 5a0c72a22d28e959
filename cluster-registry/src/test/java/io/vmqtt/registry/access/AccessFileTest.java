package io.vmqtt.registry.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.registry.files.FactFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessFileTest {
  private static final Path PATH = Path.of("access.yaml");
  private static final AccessFile FILE = new AccessFile(PATH, "--access");

  @Test
  void read_everyCondition_asOperatorsWriteIt() {
    AccessSettings read =
        FILE.read(
            """
            # Who may do what. The first rule that is about it decides.
            rules:
              - allow: publish
                topics: devices/${clientid}/#
                qos: [0, 1]
                retain: false
              - deny: [publish, subscribe]
                topics: ["$SYS/#", secret/+]
                users: [alice, bob]
                client-ids: device-*
                namespaces: ["", plant-1]
              - allow: subscribe
                topics: jobs/#
                share-groups: workers
            """);

    assertEquals(
        new AccessSettings(
            0,
            new TopicRules(
                List.of(
                    new TopicRule(
                        3,
                        Effect.ALLOW,
                        Set.of(TopicAction.PUBLISH),
                        List.of(TopicTemplate.of("devices/${clientid}/#")),
                        Who.EVERYBODY,
                        Set.of(Qos.AT_MOST_ONCE, Qos.AT_LEAST_ONCE),
                        false,
                        null),
                    new TopicRule(
                        7,
                        Effect.DENY,
                        Set.of(TopicAction.PUBLISH, TopicAction.SUBSCRIBE),
                        List.of(TopicTemplate.of("$SYS/#"), TopicTemplate.of("secret/+")),
                        new Who(
                            Set.of("alice", "bob"),
                            List.of(new NamePattern("device-*")),
                            Set.of(Namespace.NAMELESS, Namespace.of("plant-1"))),
                        TopicRule.EVERY_QOS,
                        null,
                        null),
                    new TopicRule(
                        12,
                        Effect.ALLOW,
                        Set.of(TopicAction.SUBSCRIBE),
                        List.of(TopicTemplate.of("jobs/#")),
                        Who.EVERYBODY,
                        TopicRule.EVERY_QOS,
                        null,
                        List.of(new NamePattern("workers")))),
                Effect.DENY)),
        read);
  }

  @Test
  void read_default_isWhatNoRuleIsAbout() {
    assertEquals(
        new AccessSettings(0, new TopicRules(List.of(), Effect.ALLOW)),
        FILE.read("rules: [default: allow]"));
  }

  /** Nothing is said about rules: there are none. An empty list of them denies everything. */
  @Test
  void read_withoutTheSection_noRules() {
    assertEquals(AccessSettings.NONE, FILE.read("{} # nothing yet"));
    assertEquals(
        new AccessSettings(0, new TopicRules(List.of(), Effect.DENY)), FILE.read("rules: []"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a | line 1: the file must consist of lines like 'rules: [...]'",
        "rulez: [] | line 1: rulez: there is no such section, only rules",
        "rules: []%nrules: [] | line 2: rules is there twice",
        "rules: | line 1: rules must be a list, each entry behind a '-'",
        "rules: [a] | line 1: a rule must consist of lines like 'allow: publish'",
        "rules:%n- topics: a | line 2: a rule has either allow or deny",
        "rules:%n- {allow: publish, deny: publish, topics: a}"
            + " | line 2: a rule has either allow or deny",
        "rules:%n- allow: publish | line 2: a rule needs topics",
        "rules:%n- allow: publish%n  topics: [] | line 3: topics: at least one is needed",
        "rules:%n- allow: see%n  topics: a"
            + " | line 2: allow: neither publish nor subscribe, but 'see'",
        "rules:%n- allow: publish%n  topics: a/#/b | line 3: topics: 'a/#/b': # is the last level",
        "rules:%n- allow: publish%n  topics: ${me}"
            + " | line 3: topics: '${me}': there is no variable 'me', only",
        "rules:%n- allow: publish%n  topics: a%n  topics: b | line 4: topics is there twice",
        "rules:%n- allow: publish%n  topics: {a: b} | line 3: topics: a single value is needed",
        "rules:%n- allow: publish%n  topics: a%n  user: b | line 4: user: a rule has no such line",
        "rules:%n- allow: publish%n  topics: a%n  qos: 3"
            + " | line 4: qos: neither 0 nor 1 nor 2, but '3'",
        "rules:%n- allow: publish%n  topics: a%n  retain: maybe"
            + " | line 4: retain: neither true nor false, but 'maybe'",
        "rules:%n- allow: subscribe%n  topics: a%n  retain: true"
            + " | line 2: retain is for rules about publish alone",
        "rules:%n- allow: publish%n  topics: a%n  share-groups: g"
            + " | line 2: share-groups is for rules about subscribe alone",
        "rules:%n- allow: publish%n  topics: a%n  namespaces: A"
            + " | line 4: namespaces: a namespace has 1 to 64 characters of a-z0-9-_, not 'A'",
        "rules:%n- default: allow%n- {allow: publish, topics: a}"
            + " | line 3: a rule behind the default, which nothing would reach",
        "rules:%n- {default: allow, topics: a}"
            + " | line 2: the default stands alone, as the last entry",
        "rules:%n- default: maybe | line 2: default: neither allow nor deny, but 'maybe'",
        "rules: [ | line ",
      })
  void read_whatCannotBe_oneLineNamesIt(String text, String complaint) {
    String message =
        String.valueOf(
            assertThrows(OptionException.class, () -> FILE.read(text.formatted())).getMessage());

    assertTrue(message.startsWith("--access: " + PATH + ", " + complaint), message);
    assertEquals(1, message.lines().count(), message);
  }

  /** As one is that is just being written. */
  @Test
  void read_empty_isNotThatEverythingIsAllowed() {
    OptionException complaint = assertThrows(OptionException.class, () -> FILE.read("# nothing"));

    assertTrue(
        String.valueOf(complaint.getMessage()).startsWith("--access: " + PATH + " is empty: "));
  }

  @Test
  void read_moreThanConsulTakes_refused() {
    StringBuilder rules = new StringBuilder("rules:\n");
    for (long i = 0; i < 40_000; i++) {
      String topic = Long.toHexString(i * 0x9E3779B97F4A7C15L);
      rules.append("- {allow: publish, topics: ").append(topic).append("}\n");
    }

    String message =
        String.valueOf(
            assertThrows(OptionException.class, () -> FILE.read(rules.toString())).getMessage());

    assertTrue(message.contains("of which Consul takes 516096"), message);
  }

  @Test
  void checked_noFile_refused(@TempDir Path folder) {
    AccessFile missing = new AccessFile(folder.resolve("none"), "--access");

    String message =
        String.valueOf(
            assertThrows(OptionException.class, () -> FactFile.checked(missing)).getMessage());

    assertTrue(message.startsWith("--access: " + folder.resolve("none") + " cannot be"), message);
  }
}
