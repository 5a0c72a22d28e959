package io.vmqtt.cluster.inspection;

import io.vmqtt.cluster.operation.NodeConfiguration;
import io.vmqtt.cluster.operation.NodeConfiguration.Setting;
import io.vmqtt.cluster.operation.OperationRefusal;
import io.vmqtt.cluster.operation.OptionChange;
import io.vmqtt.cluster.option.LiveOption;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionOrigin;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What holds for the options of this process, and has some of them be otherwise. A change is kept
 * nowhere but here: the next start is as it is configured. Safe from any thread.
 */
public final class LiveConfiguration {
  private static final Logger log = LoggerFactory.getLogger(LiveConfiguration.class);

  private final NodeConfiguration atStart;
  private final Supplier<? extends Collection<LiveOption>> options;
  private final Map<String, String> changed = new HashMap<>();

  /**
   * That of the start holds.
   *
   * @param options those that can change; asked for when somebody asks
   */
  public LiveConfiguration(
      NodeConfiguration atStart, Supplier<? extends Collection<LiveOption>> options) {
    this.atStart = atStart;
    this.options = options;
  }

  private Map<String, LiveOption> byName() {
    Map<String, LiveOption> all = new HashMap<>();
    options.get().forEach(option -> all.put(option.name(), option));
    return all;
  }

  /** What holds. */
  public synchronized NodeConfiguration now() {
    Map<String, LiveOption> live = byName();
    return new NodeConfiguration(
        atStart.options().stream().map(one -> now(one, live.containsKey(one.option()))).toList());
  }

  private Setting now(Setting start, boolean changeable) {
    String value = changed.get(start.option());
    return value == null
        ? new Setting(
            start.option(),
            start.value(),
            start.source(),
            start.where(),
            start.standard(),
            changeable)
        : new Setting(
            start.option(),
            value,
            OptionOrigin.Kind.RUN_TIME.label(),
            null,
            start.standard(),
            changeable);
  }

  /**
   * Has something else hold for some.
   *
   * @throws OperationRefusal if one cannot change, or not to that; then none has
   */
  public synchronized NodeConfiguration change(OptionChange change) {
    Map<String, LiveOption> live = byName();
    Map<LiveOption, String> wanted = new LinkedHashMap<>();
    change
        .options()
        .forEach(
            (name, text) -> {
              LiveOption option = live.get(name);
              if (option == null) {
                throw new OperationRefusal("--" + name + " cannot change while the process runs");
              }
              wanted.put(option, checked(option, text == null ? atStart(name) : text));
            });
    wanted.forEach(
        (option, text) -> set(option, text, change.options().get(option.name()) == null));
    return now();
  }

  private void set(LiveOption option, String text, boolean asAtStart) {
    option.follow(text);
    if (asAtStart) {
      changed.remove(option.name());
      log.warn("--{} is {} again, as at the start", option.name(), text);
    } else {
      changed.put(option.name(), text);
      log.warn("--{} is {} until this process ends, as an operator has said", option.name(), text);
    }
  }

  private static String checked(LiveOption option, @Nullable String text) {
    if (text == null) {
      throw new OperationRefusal("it is not known what --" + option.name() + " was at the start");
    }
    try {
      option.require(text);
      return text;
    } catch (OptionException e) {
      throw new OperationRefusal(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable String atStart(String name) {
    return atStart.options().stream()
        .filter(one -> one.option().equals(name))
        .findFirst()
        .map(Setting::value)
        .orElse(null);
  }
}
