package io.vmqtt.registry.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.facts.Authored;
import io.vmqtt.cluster.facts.AuthoredKind;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.registry.access.AccessFile;
import io.vmqtt.registry.bans.BansFile;
import io.vmqtt.testkit.fuzz.Fuzz;
import io.vmqtt.testkit.fuzz.HeapUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Files that nobody should write: what they say is taken, and is the same when it comes out of
 * Consul, or there is one complaint that names the file.
 */
class FactFileFuzzTest {
  private static final int INPUTS = 6_000;

  /** YAML keeps a mark for every word. */
  private static final int HEAP_FOR_EACH_BYTE = 20_000;

  private static final String[] OF_YAML = {
    "\n",
    "  ",
    "- ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "<<: *a",
    "? ",
    "|",
    ">",
    "---\n",
    "...\n",
    "!!binary ",
    "!!java.net.URL ",
    "%YAML 9.9\n",
    "\"\\u0000\"",
    "'",
    "#",
    "~",
    "\t",
    "\0",
    "\ufeff",
    "[[[[[[[[",
    "\ud83d"
  };

  @Test
  void rules_anyText_areTakenAsTheyCameOrComplainedOf() {
    AccessFile file = new AccessFile(Path.of("access.yaml"), "--access");
    rules().run(INPUTS, input -> check(file::read, AccessFact.ACCESS, input));
  }

  /** YAML knows no tabs before a word. */
  @Test
  void rules_byWhomATabBreaks_isFound() {
    AccessFile file = new AccessFile(Path.of("access.yaml"), "--access");
    assertTrue(
        rules()
            .finds(
                INPUTS,
                input ->
                    check(
                        text -> {
                          assertFalse(text.contains("\t"));
                          return file.read(text);
                        },
                        AccessFact.ACCESS,
                        input)));
  }

  private static Fuzz rules() {
    return Fuzz.ofTexts(
            "access-file",
            """
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
              - default: allow
            """,
            "{}",
            "rules: []")
        .words(OF_YAML);
  }

  @Test
  void bans_anyText_areTakenAsTheyCameOrComplainedOf() {
    BansFile file = new BansFile(Path.of("bans.yaml"), "--bans");
    bans().run(INPUTS, input -> checkBans(input, file, bans -> bans));
  }

  /** A ban whose last day is forgotten is one for ever. */
  @Test
  void bans_byWhomTheEndIsNotWrittenBack_isFound() {
    BansFile file = new BansFile(Path.of("bans.yaml"), "--bans");
    assertTrue(
        bans()
            .finds(
                INPUTS,
                input -> checkBans(input, file, written -> written.replaceAll("until: .*", ""))));
  }

  private static void checkBans(byte[] input, BansFile file, UnaryOperator<String> written)
      throws IOException {
    check(file::read, BansFact.BANS, input)
        .ifPresent(bans -> assertSame(bans, file.read(written.apply(BansFile.write(bans)))));
  }

  private static Fuzz bans() {
    return Fuzz.ofTexts(
            "bans-file",
            """
            bans:
              - client-id: pump-7
                namespace: plant
                reason: stolen
                by: anna
                since: 2026-11-26T15:00:00Z
                until: 2026-12-26T15:00:00Z
              - user: bob
              - address: 10.0.0.0/8
              - address: "fd00::/8"
                reason: "a: b"
            pardons:
              - address: 203.0.113.7
                reason: one of many
                by: anna
                at: 2026-11-26T15:00:00.123Z
              - client-id: lamp
                at: 2026-11-26T15:00:00Z
            """,
            "{}",
            "bans: []")
        .words(
            "+1000000000-12-31T23:59:59Z",
            "-1000000000-01-01T00:00:00Z",
            "10.0.0.1/33",
            "::/0",
            "%eth0",
            "0x7f.1",
            "- user: bob\n",
            ": ",
            "\n",
            "  ",
            "[",
            "{",
            "&a ",
            "*a",
            "\"",
            "\0");
  }

  private static void assertSame(Bans one, Bans other) {
    assertEquals(one.all(), other.all());
    assertEquals(one.pardons(), other.pardons());
  }

  private static <T extends Authored<T>> Optional<T> check(
      Function<String, T> reader, AuthoredKind<T> kind, byte[] input) throws IOException {
    String text = new String(input, UTF_8);
    Optional<T> read = HeapUse.bounded(input, HEAP_FOR_EACH_BYTE, () -> read(reader, text));
    if (read.isPresent()) {
      T said = read.get().withVersion(7);
      assertEquals(said, kind.read(kind.write(said)));
    }
    return read;
  }

  private static <T> Optional<T> read(Function<String, T> reader, String text) {
    try {
      return Optional.of(reader.apply(text));
    } catch (OptionException _) {
      return Optional.empty(); // what it is documented to throw
    }
  }
}
