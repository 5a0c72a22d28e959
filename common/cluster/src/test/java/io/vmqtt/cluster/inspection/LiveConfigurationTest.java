package io.vmqtt.cluster.inspection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.operation.NodeConfiguration;
import io.vmqtt.cluster.operation.NodeConfiguration.Setting;
import io.vmqtt.cluster.operation.OperationRefusal;
import io.vmqtt.cluster.operation.OptionChange;
import io.vmqtt.cluster.option.LiveOption;
import io.vmqtt.cluster.option.OptionOrigin;
import io.vmqtt.cluster.option.OptionType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveConfigurationTest {
  private final List<Integer> sizes = new ArrayList<>();
  private final List<Integer> counts = new ArrayList<>();
  private final LiveConfiguration configuration =
      new LiveConfiguration(
          new NodeConfiguration(
              List.of(
                  new Setting("size", "3", OptionOrigin.DEFAULT, "3"),
                  new Setting("count", "4", OptionOrigin.COMMAND_LINE, "1"),
                  new Setting("data", "/var", OptionOrigin.COMMAND_LINE, null))),
          () ->
              List.of(
                  LiveOption.of("size", OptionType.count(1, 10), sizes::add),
                  LiveOption.of("count", OptionType.count(1, 10), counts::add)));

  private Setting setting(String option) {
    return configuration.now().options().stream()
        .filter(one -> one.option().equals(option))
        .findFirst()
        .orElseThrow();
  }

  private static OptionChange change(String option, @Nullable String value) {
    Map<String, @Nullable String> options = new HashMap<>();
    options.put(option, value);
    return new OptionChange(options);
  }

  @Test
  void change_holdsFromThenOn_untilItIsAsAtTheStart() {
    configuration.change(change("count", "7"));

    assertEquals(new Setting("count", "7", "run time", null, "1", true), setting("count"));
    configuration.change(change("count", null));
    assertEquals(new Setting("count", "4", "command line", null, "1", true), setting("count"));
    assertEquals(List.of(7, 4), counts);
    assertTrue(setting("size").changeable());
    assertFalse(setting("data").changeable());
  }

  @Test
  void change_oneOfThemCannotBe_changesNone() {
    for (Map<String, String> wanted :
        List.of(
            Map.of("size", "5", "count", "11"),
            Map.of("size", "5", "data", "/tmp"),
            Map.of("size", "5", "unheard-of", "1"))) {
      assertThrows(
          OperationRefusal.class, () -> configuration.change(new OptionChange(Map.copyOf(wanted))));
    }

    assertEquals(List.of(), sizes);
    assertEquals("default", setting("size").source());
  }
}
