package io.vmqtt.cluster.option;

import java.util.ArrayList;
import java.util.List;

/**
 * Declares the options of a role. Whoever declares one has it in the list: there is no second place
 * to think of. Filled while a class is initialised, by one thread.
 */
public final class OptionGroup {
  private final String prefix;
  private final boolean ofClusters;
  private final List<Option<?>> options;

  private OptionGroup(String prefix, boolean ofClusters, List<Option<?>> options) {
    this.prefix = prefix;
    this.ofClusters = ofClusters;
    this.options = options;
  }

  /**
   * @param prefix of the properties, such as {@code vmqtt.router.}
   */
  public OptionGroup(String prefix) {
    this(prefix, false, new ArrayList<>());
  }

  /** The same group, for what is of use only where processes have to find each other. */
  public OptionGroup ofClusters() {
    return new OptionGroup(prefix, true, options);
  }

  /**
   * An option with a default.
   *
   * @param standard the default, as an operator would write it
   */
  public <T> Option<T> option(String name, OptionType<T> type, String standard, String meaning) {
    return add(new Option<>(name, prefix + name, type, standard, standard, meaning, ofClusters));
  }

  /**
   * An option whose default depends on the process.
   *
   * @param standardWords what it is then, for people
   */
  public <T> Option<T> derived(
      String name, OptionType<T> type, String standardWords, String meaning) {
    return add(new Option<>(name, prefix + name, type, null, standardWords, meaning, ofClusters));
  }

  private <T> Option<T> add(Option<T> option) {
    options.add(option);
    return option;
  }

  /** All of them, in the order of their declaration. */
  public List<Option<?>> all() {
    return List.copyOf(options);
  }
}
