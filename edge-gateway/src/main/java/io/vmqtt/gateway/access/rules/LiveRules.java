package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.gateway.access.Identity;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The rules in force: exchanged whole. Safe from any thread. */
public final class LiveRules {
  private final OwnTrees own = new OwnTrees();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean known;
  private volatile @Nullable CompiledRules present;

  /** There are none, unless somebody says otherwise later. */
  public static LiveRules none() {
    LiveRules rules = new LiveRules();
    rules.follow(AccessSettings.NONE);
    return rules;
  }

  /** What holds from now on. Called by one thread at a time. */
  public void follow(AccessSettings settings) {
    TopicRules said = settings.rules();
    present = said == null ? null : new CompiledRules(said);
    known = true;
    listeners.forEach(Runnable::run);
  }

  /** Whether it is known if there are rules. */
  public boolean areKnown() {
    return known;
  }

  /** Has {@code then} run whenever others are in force, by the thread that says so. */
  public void whenChanged(Runnable then) {
    listeners.add(then);
  }

  /** Those that clients have of their own. */
  public OwnTrees own() {
    return own;
  }

  /**
   * Those in force as they are for one client, behind its own; null: there are neither. What it has
   * of its own is compiled for that if it was not made ready.
   */
  public @Nullable ClientRules of(Identity who) {
    CompiledRules all = present;
    OwnRules said = who.rules();
    if (said == null || (all != null && said.equals(OwnRules.NONE))) {
      return all == null ? null : all.of(who);
    }
    CompiledRules its = who.ready() instanceof CompiledRules made ? made : own.of(said);
    return its.before(all).of(who);
  }
}
