package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vmqtt.cluster.option.OptionOrigin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds for the options of one process. */
public record NodeConfiguration(List<Setting> options) {
  public NodeConfiguration {
    options = List.copyOf(options);
  }

  /**
   * One of them.
   *
   * @param option its name, without its dashes
   * @param value as an operator would write it, without passwords; of a file where it is, never
   *     what is in it; null: that is left to the process
   * @param source {@code command line}, {@code environment}, {@code file}, {@code program} (which
   *     started the process), {@code run time} (an operator, since the start) or {@code default}
   * @param where the variable, or the file and its line; null where the source says all
   * @param standard what it is where nobody says anything, for people; null: that is not known here
   * @param changeable whether it may be another while the process runs
   */
  @JsonInclude
  public record Setting(
      String option,
      @Nullable String value,
      String source,
      @Nullable String where,
      @Nullable String standard,
      boolean changeable) {

    /** One that came from there, and stays as it is. */
    public Setting(
        String option, @Nullable String value, OptionOrigin origin, @Nullable String standard) {
      this(option, value, origin.kind().label(), origin.where(), standard, false);
    }
  }
}
