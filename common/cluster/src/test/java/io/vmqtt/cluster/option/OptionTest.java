package io.vmqtt.cluster.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTest {
  private final OptionGroup group = new OptionGroup("vmqtt.router.");

  private enum Overflow {
    DROP_OLDEST,
    REJECT_NEW
  }

  @Test
  void names_followFromTheName() {
    Option<Integer> option = group.option("max-tasks", OptionType.count(1024), "65536", "Tasks");

    assertEquals("vmqtt.router.max-tasks", option.property());
    assertEquals("VMQTT_MAX_TASKS", option.variable());
    assertFalse(option.ofClusters());
    assertEquals(List.of(option), group.all());
  }

  @Test
  void group_ofClusters_addsToTheSameList() {
    Option<String> host = group.option("host", OptionType.text("HOST"), "a", "Host");
    Option<String> peer = group.ofClusters().derived("peer", OptionType.text("HOST"), "none", "P");

    assertTrue(peer.ofClusters());
    assertEquals(List.of(host, peer), group.all());
  }

  @Test
  void option_defaultThatCannotBe_isRefused() {
    assertThrows(
        OptionException.class,
        () -> group.option("max-tasks", OptionType.count(1024), "5", "Tasks"));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4096, 4096", "64k, 65536", "1M, 1048576", "1073741824, 1073741824"})
  void bytes_withUnits_areRead(String text, long bytes) {
    assertEquals(bytes, OptionType.bytes(0).read(text, "--size"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1T", "1.5M", "999999999999999999G", "M"})
  void bytes_thatAreNone_areRefused(String text) {
    assertEquals(
        "--size: '" + text + "' is not a size such as 4096, 64k or 1M",
        complaint(OptionType.bytes(0), text));
  }

  @ParameterizedTest
  @CsvSource({"250ms, PT0.25S", "3s, PT3S", "1m, PT1M", "2h, PT2H", "1d, PT24H"})
  void time_withUnits_isRead(String text, Duration time) {
    OptionType<Duration> type = OptionType.time(Duration.ZERO, Duration.ofDays(1));

    assertEquals(time, type.read(text, "--time"));
    assertEquals(text, Units.time(time));
  }

  @Test
  void range_outside_isNamedInPlainNumbers() {
    assertEquals(
        "--size must be 1024 to 33554432, not 1",
        complaint(OptionType.bytes(1 << 10, 32 << 20), "1"));
    assertEquals("1k to 32M", OptionType.bytes(1 << 10, 32 << 20).allowed());
    assertEquals("--size must be at least 2, not 1", complaint(OptionType.count(2), "1"));
    assertEquals(
        "--size must be 100ms to 1h, not 1d",
        complaint(OptionType.time(Duration.ofMillis(100), Duration.ofHours(1)), "1d"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "c:70000", "c:0", ":8500", "c:"})
  void address_thatIsNone_isRefused(String text) {
    assertTrue(complaint(OptionType.address(), text).contains("is not HOST:PORT"));
  }

  @Test
  void choice_inCapitalsOrNot_isRead() {
    OptionType<Overflow> type = OptionType.choice(Overflow.class);

    assertEquals(Overflow.REJECT_NEW, type.read("reject_new", "--overflow"));
    assertEquals("--size: 'both' is not one of DROP_OLDEST, REJECT_NEW", complaint(type, "both"));
  }

  @Test
  void flag_otherWords_areRefused() {
    assertEquals(true, OptionType.flag().read("TRUE", "--flag"));
    assertEquals("--size: 'yes' is not true or false", complaint(OptionType.flag(), "yes"));
  }

  @Test
  void values_zeroThatLeavesTheChoice_isNone() {
    Option<Long> memory =
        group.option("memory", OptionType.orZero(OptionType.bytes(1 << 20)), "0", "Memory");

    assertEquals(Optional.empty(), OptionValues.of(Map.of()).find(memory));
    assertEquals(2L << 20, OptionValues.of(Map.of(memory, "2M")).get(memory));
    assertEquals("0, or at least 1M", memory.type().allowed());
    assertEquals(
        "vmqtt.router.memory must be at least 1048576, not 5",
        assertThrows(OptionException.class, () -> OptionValues.of(Map.of(memory, "5")).find(memory))
            .getMessage());
    assertThrows(OptionException.class, () -> memory.require(0L));
  }

  @Test
  void values_notSet_areTheDefault() {
    Option<Integer> tasks = group.option("max-tasks", OptionType.count(1), "7", "Tasks");
    Option<Integer> threads = group.derived("threads", OptionType.count(1), "some", "Threads");
    OptionValues nothing = OptionValues.of(Map.of());

    assertEquals(7, nothing.get(tasks));
    assertEquals(Optional.empty(), nothing.find(threads));
    assertEquals(Optional.of(3), OptionValues.of(Map.of(threads, "3")).find(threads));
  }

  private static String complaint(OptionType<?> type, String text) {
    return String.valueOf(
        assertThrows(OptionException.class, () -> type.read(text, "--size")).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "redis://anna:hush@h:1/0, redis://anna:***@h:1/0",
    "'jdbc:postgresql://h/d?user=a&password=hush&ssl=true',"
        + " 'jdbc:postgresql://h/d?user=a&password=***&ssl=true'",
    "https://h/path?x=1, https://h/path?x=1",
    "/etc/vmqtt/password, /etc/vmqtt/password"
  })
  void shown_hasNoPassword(String text, String shown) {
    assertEquals(shown, OptionType.text("URL").shown(text));
  }

  @Test
  void confidential_showsAPart() {
    OptionType<String> type =
        OptionType.confidential(OptionType.text("NAME"), said -> said.substring(0, 1));
    assertEquals("a", type.shown("abc"));
    assertEquals("abc", type.read("abc", "--name"));
  }
}
