package io.vmqtt.cluster.option;

import java.util.Map;
import java.util.Optional;

/** What is set, and what holds where nothing is. */
@FunctionalInterface
public interface OptionValues {

  /** The text that an option is set to; empty where it is not set. */
  Optional<String> text(Option<?> option);

  /** Those alone. */
  static OptionValues of(Map<? extends Option<?>, String> set) {
    return option -> Optional.ofNullable(set.get(option));
  }

  /**
   * The value of an option that has a default.
   *
   * @throws OptionException if it is set to what cannot be
   */
  default <T> T get(Option<T> option) {
    return find(option)
        .orElseThrow(() -> new IllegalStateException(option.property() + " is left open"));
  }

  /**
   * The value of an option, or nothing where the process is to choose.
   *
   * @throws OptionException if it is set to what cannot be
   */
  default <T> Optional<T> find(Option<T> option) {
    return text(option)
        .or(() -> Optional.ofNullable(option.standard()))
        .map(text -> option.read(text, option.property()))
        .filter(value -> !option.type().isLeftOpen(value));
  }
}
