package io.vmqtt.registry.namespaces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import io.vmqtt.registry.files.FactFile;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespacesFileTest {
  @TempDir Path folder;
  private Path path = Path.of("");

  @BeforeEach
  void name() {
    path = folder.resolve("namespaces.yaml");
  }

  private Map<Namespace, NamespaceTerms> read(String text) {
    return new NamespacesFile(path, "--namespaces").read(text).all();
  }

  @Test
  void read_everyQuota_asOperatorsWriteIt() {
    Map<Namespace, NamespaceTerms> read =
        read(
            """
            plant-1:
              connections: 100
              sessions: 200
              retained-bytes: 64M
              queue-bytes: 1G
              messages-per-second-in: 300
              messages-per-second-out: 400
              consistency: strong
            # Where everybody is who was put nowhere else.
            "":
              connections: 5
            """);

    assertEquals(
        Map.of(
            Namespace.of("plant-1"),
            new NamespaceTerms(
                new Quotas(
                    Map.of(
                        Quota.CONNECTIONS, 100L,
                        Quota.SESSIONS, 200L,
                        Quota.RETAINED_BYTES, 64L << 20,
                        Quota.QUEUE_BYTES, 1L << 30,
                        Quota.MESSAGES_IN, 300L,
                        Quota.MESSAGES_OUT, 400L)),
                Consistency.STRONG),
            Namespace.NAMELESS,
            new NamespaceTerms(new Quotas(Map.of(Quota.CONNECTIONS, 5L)), Consistency.STRONG)),
        read);
  }

  @Test
  void read_empty_noNamespaces() {
    assertEquals(Map.of(), read("# nothing yet"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a | line 1: the file must consist of lines like 'sessions: 1000'",
        "a: b | line 1: namespace 'a' must consist of lines like 'sessions: 1000'",
        "A: {} | line 1: a namespace has 1 to 64 characters of a-z0-9-_, not 'A'",
        "a: {}%na: {} | line 2: namespace 'a' is there twice",
        "a:%n  sessions: 1%n  sessions: 2 | line 3: namespace 'a': sessions is there twice",
        "a:%n  sessions: 0 | line 2: namespace 'a', sessions must be at least 1, not 0",
        "a:%n  sessions: 1k | line 2: namespace 'a', sessions: '1k' is not a number",
        "a:%n  queue-bytes: x | line 2: namespace 'a', queue-bytes: 'x' is not a size",
        "a:%n  colours: 3 | line 2: namespace 'a', colours: there is no such quota",
        "a:%n  sessions: [1] | line 2: namespace 'a', sessions: a single value is needed",
        "a:%n  consistency: weak | line 2: namespace 'a', there is no consistency 'weak'",
        "a: { | line ",
      })
  void read_whatCannotBe_oneLineNamesIt(String text, String complaint) {
    String message =
        String.valueOf(
            assertThrows(OptionException.class, () -> read(text.formatted())).getMessage());

    assertTrue(message.startsWith("--namespaces: " + path + ", " + complaint), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void checked_noFile_refused() {
    String message =
        String.valueOf(
            assertThrows(
                    OptionException.class,
                    () -> FactFile.checked(new NamespacesFile(path, "--namespaces")))
                .getMessage());

    assertTrue(message.startsWith("--namespaces: " + path + " cannot be read: "), message);
  }
}
