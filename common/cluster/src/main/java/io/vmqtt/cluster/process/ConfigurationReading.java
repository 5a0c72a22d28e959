package io.vmqtt.cluster.process;

import io.vmqtt.cluster.operation.NodeConfiguration;
import io.vmqtt.cluster.operation.NodeConfiguration.Setting;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionOrigin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What holds in this process for each of its options, as it stands at the start, and who said so.
 * Nothing here reads a file that an option names.
 */
final class ConfigurationReading {
  private final List<Option<?>> options;
  private final Map<String, Object> set;
  private final PropertyOptions values;
  private final UnaryOperator<@Nullable String> variables;

  /**
   * @param set what the process was told by who started it, origins among that
   * @param variables of the environment
   */
  ConfigurationReading(
      List<Option<?>> options,
      Map<String, Object> set,
      PropertyOptions values,
      UnaryOperator<@Nullable String> variables) {
    this.options = options;
    this.set = set;
    this.values = values;
    this.variables = variables;
  }

  NodeConfiguration read() {
    List<Setting> settings = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (Option<?> option : options) {
      if (known.add(option.property())) {
        settings.add(of(option));
      }
    }
    // Of the command around the process, which the process does not know.
    set.keySet().stream()
        .map(OptionOrigin::aboutProperty)
        .filter(about -> about != null && about.startsWith("vmqtt.") && isOfCommand(about))
        .sorted()
        .forEach(about -> settings.add(ofCommand(about)));
    return new NodeConfiguration(settings);
  }

  /** {@code vmqtt.log-level}, but not {@code vmqtt.store.data}. */
  private static boolean isOfCommand(String property) {
    return property.indexOf('.', "vmqtt.".length()) < 0;
  }

  private Setting ofCommand(String property) {
    Object value = set.get(property);
    return new Setting(
        property.substring("vmqtt.".length()),
        value == null ? null : value.toString(),
        told(property).orElse(OptionOrigin.DEFAULT),
        null);
  }

  private Setting of(Option<?> option) {
    Optional<String> text = values.text(option);
    // Micronaut's -1 is what an operator writes as 0.
    String value =
        text.filter(said -> !said.equals("-1") || !option.property().equals(RoleProcess.HTTP_PORT))
            .or(() -> text.map(_ -> "0"))
            .or(() -> Optional.ofNullable(option.standard()))
            .map(option.type()::shown)
            .orElse(null);
    return new Setting(option.name(), value, origin(option, text), option.standardWords());
  }

  private OptionOrigin origin(Option<?> option, Optional<String> text) {
    return told(option.property())
        .orElseGet(
            () -> {
              if (text.isEmpty() || set.containsKey(option.property())) {
                return text.isEmpty()
                    ? OptionOrigin.DEFAULT
                    : new OptionOrigin(OptionOrigin.Kind.PROGRAM, null);
              }
              String variable = option.property().replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
              if (text.get().equals(variables.apply(variable))) {
                return OptionOrigin.environment(variable);
              }
              return text.get().equals(option.standard())
                  ? OptionOrigin.DEFAULT
                  : new OptionOrigin(OptionOrigin.Kind.PROGRAM, null);
            });
  }

  private Optional<OptionOrigin> told(String property) {
    return set.get(OptionOrigin.propertyOf(property)) instanceof String text
        ? Optional.of(OptionOrigin.parse(text))
        : Optional.empty();
  }
}
