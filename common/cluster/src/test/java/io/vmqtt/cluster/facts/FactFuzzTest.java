package io.vmqtt.cluster.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.bans.HeldOffFact;
import io.vmqtt.testkit.fuzz.Fuzz;
import io.vmqtt.testkit.fuzz.HeapUse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Facts that nobody should put into Consul: they are what is written back, or refused. */
class FactFuzzTest {
  private static final int INPUTS = 8_000;
  private static final int HEAP_FOR_EACH_BYTE = 1_000;
  private static final String[] OF_JSON = {
    "null",
    "{}",
    "[]",
    "-1",
    "1e999",
    "9223372036854775808",
    "\"\"",
    "\\u0000",
    "[[[[",
    "{\"a\":",
    "\"format\":2",
    "+1000000000-12-31T23:59:59Z",
    "-1000000000-01-01T00:00:00Z",
    "\"version\":0"
  };

  @Test
  void access_anyText_isWhatIsWrittenBackOrRefused() {
    fuzz(
        "access-fact",
        AccessFact.ACCESS,
        """
        {"format":1,"version":7,"default":"deny","rules":[{"line":2,"allow":["publish"],
        "topics":["a/#"],"users":["u"],"client-ids":["c*"],"namespaces":["n"],"qos":[0,1],"retain":true},
        {"line":5,"deny":["subscribe"],"topics":["${claims.x}"],"share-groups":["g"]}]}
        """);
  }

  @Test
  void bans_anyText_areWhatIsWrittenBackOrRefused() {
    fuzz(
        "bans-fact",
        BansFact.BANS,
        """
        {"format":1,"version":7,"bans":[{"client-id":"pump-7","namespace":"plant","reason":"stolen",
        "by":"anna","since":"2026-11-26T15:00:00Z","until":"2027-11-26T15:00:00Z"},
        {"address":"10.0.0.0/8"},{"user":"u"}],"pardons":[{"address":"203.0.113.7",
        "at":"2026-11-26T15:00:00.123Z","reason":"fleet","by":"anna"},{"client-id":"c",
        "at":"2026-11-26T15:00:00Z"}]}
        """);
  }

  @Test
  void heldOff_anyText_areWhatIsWrittenBackOrRefused() {
    fuzz(
        "held-off-fact",
        HeldOffFact.HELD_OFF,
        """
        {"format":1,"version":7,"held-off":[{"from":"203.0.113.7","user":"anna","namespace":"",
        "since":"2026-11-26T15:00:00Z","until":"2026-11-26T15:05:00Z"},{"from":"fd00::/64","address":"","namespace":"",
        "until":"2026-11-26T15:05:00Z"}]}
        """);
  }

  /**
   * And whether two faults that are planted are found, each in what is written or read of each
   * kind.
   */
  private static <T> void fuzz(String name, FactKind<T> kind, String sample) {
    Fuzz fuzz = Fuzz.ofTexts(name, sample).words(OF_JSON);
    fuzz.run(INPUTS, input -> check(input, kind::read, kind::write));
    assertTrue(
        fuzz.finds(
            INPUTS,
            input ->
                check(input, kind::read, said -> kind.write(said).replaceAll("\\[\\{.*}]", "[]"))),
        "what is not written is not missed");
    assertTrue(
        fuzz.finds(
            INPUTS,
            input ->
                check(
                    input,
                    text -> {
                      if (text.contains("1e999")) {
                        throw new ArithmeticException("planted");
                      }
                      return kind.read(text);
                    },
                    kind::write)),
        "what breaks the reader is not noticed");
  }

  /** How a text is read. */
  private interface Reader<T> {
    T read(String text) throws IOException;
  }

  private static <T> void check(byte[] input, Reader<T> reader, Function<T, String> writer)
      throws IOException {
    String text = new String(input, UTF_8);
    Optional<T> read = HeapUse.bounded(input, HEAP_FOR_EACH_BYTE, () -> read(reader, text));
    if (read.isPresent()) {
      assertEquals(read.get(), reader.read(writer.apply(read.get())));
    }
  }

  private static <T> Optional<T> read(Reader<T> reader, String text) {
    try {
      return Optional.of(reader.read(text));
    } catch (IOException _) {
      return Optional.empty(); // what it is documented to throw
    }
  }
}
