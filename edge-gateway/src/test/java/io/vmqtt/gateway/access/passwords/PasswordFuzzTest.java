package io.vmqtt.gateway.access.passwords;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.fuzz.Fuzz;
import io.vmqtt.testkit.fuzz.HeapUse;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Files, hashes and passwords that nobody should have: what can be read can be checked, at a cost
 * that is bounded.
 */
class PasswordFuzzTest {
  private static final int FILES = 5_000;
  private static final int HASHES = 1_500;
  private static final int HEAP_FOR_EACH_BYTE = 2_000;

  /** Memory, passes, rounds and iterations. */
  private static final Pattern COST =
      Pattern.compile(
          "(?:m=|t=|i=|\\$2[aby]\\$|\\$7\\$|sha(?:256|512)\\$|-(?:256|512)\\$)(\\d{1,8})");

  /** Cheap ones, so that many can be checked. */
  private static final List<String> STORED =
      List.of(
          "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
          "$2b$04$abcdefghijklmnopqrstuuDUhq5.VCsVp7BCJZ4WkrfDU2tkJ4QNy",
          "$pbkdf2-sha256$1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
          "$pbkdf2-sha512$i=1,l=32$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
          "$7$1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
          "SCRAM-SHA-256$4096:AAAA$" + "A".repeat(43) + "=:" + "A".repeat(43) + "=");

  @Test
  void read_anyFile_isReadOrRefusedAndWrittenBack() {
    files().run(FILES, input -> checkFile(input, PasswordFile::read));
  }

  @Test
  void read_byWhomALineWithoutAColonBreaks_isFound() {
    assertTrue(
        files()
            .finds(
                FILES,
                input ->
                    checkFile(
                        input,
                        text -> {
                          assertTrue(text.lines().allMatch(line -> line.indexOf(':') >= 0));
                          return PasswordFile.read(text);
                        })));
  }

  private static Fuzz files() {
    String all =
        STORED.stream()
            .map(hash -> "u" + hash.hashCode() + ":" + hash)
            .collect(Collectors.joining("\n"));
    return Fuzz.ofTexts(
            "password-file", "#secret AAAA\n# people\n\nanna:" + STORED.get(1) + "\n", all)
        .words("\n", "\r\n", ":", "!", "#", "#secret ", "$", " ", "\0", "\u2028", "anna:");
  }

  private static void checkFile(byte[] input, Function<String, PasswordFile> reader) {
    String text = new String(input, UTF_8);
    HeapUse.bounded(input, HEAP_FOR_EACH_BYTE, () -> file(text, reader))
        .ifPresent(
            file -> {
              for (User user : file.users()) {
                assertEquals(user.line(), file.user(user.name()).orElseThrow().line());
                PasswordFile written = PasswordFile.read(user.line());
                assertEquals(user.line(), written.users().getFirst().line());
                assertFalse(file.without(user.name()).user(user.name()).isPresent());
              }
            });
  }

  private static Optional<PasswordFile> file(String text, Function<String, PasswordFile> reader) {
    try {
      return Optional.of(reader.apply(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // what it is documented to throw
    }
  }

  @Test
  void matches_anyHashThatCanBeRead_saysNoAndNothingElse() {
    hashes().run(HASHES, input -> checkHash(input, one -> one.matches("wrong".getBytes(UTF_8))));
  }

  /** As some have done that compared as many bytes as there were. */
  @Test
  void matches_byWhomWhatIsCutShortMatches_isFound() {
    assertTrue(
        hashes()
            .finds(
                HASHES,
                input ->
                    checkHash(
                        input,
                        one ->
                            STORED.stream().allMatch(all -> one.text().length() < all.length()))));
  }

  private static Fuzz hashes() {
    return Fuzz.ofTexts("password-hash", STORED.toArray(String[]::new))
        .words(
            "$", "=", ",", "m=8", "t=1", "p=1", "v=19", "p=16777216", "A", "AAAA", "!", "\u00e4");
  }

  private static void checkHash(byte[] input, Predicate<StoredPassword> matches) {
    String text = new String(input, UTF_8);
    Optional<StoredPassword> stored =
        HeapUse.bounded(input, HEAP_FOR_EACH_BYTE, () -> stored(text));
    if (isCheap(text)) {
      stored.ifPresent(one -> assertFalse(matches.test(one)));
    }
  }

  /** What others may cost is bounded, but takes seconds. */
  private static boolean isCheap(String hash) {
    return COST.matcher(hash)
        .results()
        .allMatch(cost -> Integer.parseInt(cost.group(1)) <= (hash.startsWith("$2") ? 6 : 5_000));
  }

  private static Optional<StoredPassword> stored(String text) {
    try {
      return Optional.of(StoredPassword.read(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // what it is documented to throw
    }
  }

  @Test
  void matches_anyPassword_saysNoAndNothingElse() {
    List<StoredPassword> stored = STORED.stream().map(StoredPassword::read).toList();
    passwords().run(HASHES, input -> stored.forEach(one -> assertFalse(one.matches(input))));
  }

  /** As whoever takes a password for a text of C. */
  @Test
  void matches_byWhomNothingCountsBehindAZero_isFound() {
    assertTrue(passwords().finds(HASHES, input -> assertFalse(input.length > 0 && input[0] == 0)));
  }

  private static Fuzz passwords() {
    return Fuzz.of(
            "password",
            Stream.of("pencil", "p\u00e4ss", "").map(one -> one.getBytes(UTF_8)).toList())
        .words("\0", "\u00a0", "\u00ad", "\u06271", "\ud83d\ude00", "\u200b", "\ue000", "\uffff");
  }
}
