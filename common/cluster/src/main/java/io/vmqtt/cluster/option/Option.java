package io.vmqtt.cluster.option;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that an operator can set. Made by an {@link OptionGroup}.
 *
 * @param name as on the command line, without its dashes, and in files: {@code max-tasks}
 * @param property as Micronaut has it: {@code vmqtt.router.max-tasks}
 * @param type how its values are written, and what they can be
 * @param standard what holds where nothing is set; null where that depends on the process
 * @param standardWords the same for people
 * @param meaning one sentence without its full stop; other options in it with their dashes
 * @param ofClusters whether it is of use only where processes have to find each other
 */
public record Option<T>(
    String name,
    String property,
    OptionType<T> type,
    @Nullable String standard,
    String standardWords,
    String meaning,
    boolean ofClusters) {

  public Option {
    if (standard != null) {
      var _ = type.read(standard, property);
    }
  }

  /** The environment variable that stands in for it: {@code VMQTT_MAX_TASKS}. */
  public String variable() {
    return "VMQTT_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /**
   * The value that a text stands for.
   *
   * @param as what to call the option in a complaint
   * @throws OptionException if it stands for none that can be
   */
  public T read(String text, String as) {
    return type.read(text, as);
  }

  /**
   * Holds a value that did not come as a text to the same bounds.
   *
   * @throws OptionException if it is outside
   */
  public void require(T value) {
    type.require(value, property);
  }

  /** The same with another default, and said in other words. */
  public Option<T> with(String newStandard, String newMeaning) {
    return new Option<>(name, property, type, newStandard, newStandard, newMeaning, ofClusters);
  }
}
