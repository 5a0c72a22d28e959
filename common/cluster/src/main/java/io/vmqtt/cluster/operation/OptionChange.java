package io.vmqtt.cluster.operation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to hold for options of a process from now on.
 *
 * @param options by name, without dashes, as an operator would write it; null: what it was at the
 *     start
 */
public record OptionChange(Map<String, @Nullable String> options) {
  private static final int MOST = 100;
  private static final int LONGEST = 1_000;

  /** Written out: in a compact one, class files do not say what may be null. */
  public OptionChange(Map<String, @Nullable String> options) {
    if (options == null || options.isEmpty() || options.size() > MOST) {
      throw new IllegalArgumentException("1 to " + MOST + " options are needed");
    }
    options.forEach(OptionChange::require);
    this.options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  private static void require(String option, @Nullable String value) {
    if (option.length() > LONGEST || (value != null && value.length() > LONGEST)) {
      throw new IllegalArgumentException("no option, and no value, is that long");
    }
  }
}
