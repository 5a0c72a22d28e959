package io.vmqtt.cluster.option;

import java.util.function.Consumer;

/**
 * An option whose value may be another while the process runs. A role makes one as a bean for each.
 */
public final class LiveOption {
  private final String name;
  private final Consumer<String> check;
  private final Consumer<String> follow;

  private LiveOption(String name, Consumer<String> check, Consumer<String> follow) {
    this.name = name;
    this.check = check;
    this.follow = follow;
  }

  /**
   * One of them.
   *
   * @param name without its dashes
   * @param type what its values can be
   * @param follow has another value hold; from any thread, one call at a time
   */
  public static <T> LiveOption of(String name, OptionType<T> type, Consumer<T> follow) {
    String as = "--" + name;
    return new LiveOption(
        name,
        text -> {
          var _ = type.read(text, as);
        },
        text -> follow.accept(type.read(text, as)));
  }

  /** That of an option. */
  public static <T> LiveOption of(Option<T> option, Consumer<T> follow) {
    return of(option.name(), option.type(), follow);
  }

  /** Its name, without its dashes. */
  public String name() {
    return name;
  }

  /**
   * Whether a text stands for a value that can be.
   *
   * @throws OptionException if it does not
   */
  public void require(String text) {
    check.accept(text);
  }

  /**
   * Has another value hold from now on.
   *
   * @throws OptionException if it cannot be
   */
  public void follow(String text) {
    follow.accept(text);
  }
}
