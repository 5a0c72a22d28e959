package io.vmqtt.cluster.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micronaut.context.ApplicationContext;
import io.vmqtt.cluster.operation.NodeConfiguration;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionOrigin;
import io.vmqtt.cluster.option.OptionType;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigurationReadingTest {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.thing.");
  private static final Option<Integer> SIZE =
      GROUP.option("size", OptionType.count(1), "3", "How large");
  private static final Option<String> URL =
      GROUP.derived("url", OptionType.text("URL"), "none", "Who is asked");

  private static Map<String, NodeConfiguration.Setting> read(
      Map<String, Object> set, Map<String, String> variables) {
    Map<String, Object> all = new HashMap<>();
    variables.forEach(
        (name, value) -> all.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
    all.putAll(set);
    try (ApplicationContext context = ApplicationContext.builder().properties(all).build()) {
      context.getEnvironment().start();
      return new ConfigurationReading(
              GROUP.all(), set, new PropertyOptions(context.getEnvironment()), variables::get)
          .read().options().stream()
              .collect(Collectors.toMap(NodeConfiguration.Setting::option, one -> one));
    }
  }

  @Test
  void nothingSaid_isTheDefault() {
    Map<String, NodeConfiguration.Setting> settings = read(Map.of(), Map.of());
    assertEquals(
        new NodeConfiguration.Setting("size", "3", OptionOrigin.DEFAULT, "3"),
        settings.get("size"));
    assertEquals(
        new NodeConfiguration.Setting("url", null, OptionOrigin.DEFAULT, "none"),
        settings.get("url"));
  }

  @Test
  void said_namesWhoSaidIt() {
    Map<String, NodeConfiguration.Setting> settings =
        read(
            Map.of(
                SIZE.property(),
                "7",
                OptionOrigin.propertyOf(SIZE.property()),
                OptionOrigin.file("size in f.yaml, line 2").text(),
                URL.property(),
                "redis://u:hush@h/1",
                "vmqtt.log-level",
                "DEBUG",
                OptionOrigin.propertyOf("vmqtt.log-level"),
                OptionOrigin.COMMAND_LINE.text()),
            Map.of());
    assertEquals(
        new NodeConfiguration.Setting("size", "7", "file", "size in f.yaml, line 2", "3", false),
        settings.get("size"));
    assertEquals(
        new NodeConfiguration.Setting("url", "redis://u:***@h/1", "program", null, "none", false),
        settings.get("url"));
    assertEquals(
        new NodeConfiguration.Setting("log-level", "DEBUG", "command line", null, null, false),
        settings.get("log-level"));
  }

  @Test
  void variable_withoutTheCommand_isNamed() {
    assertEquals(
        new NodeConfiguration.Setting("size", "9", "environment", "VMQTT_THING_SIZE", "3", false),
        read(Map.of(), Map.of("VMQTT_THING_SIZE", "9")).get("size"));
  }
}
