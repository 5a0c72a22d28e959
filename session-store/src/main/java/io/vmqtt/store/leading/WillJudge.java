package io.vmqtt.store.leading;

import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.cluster.access.WillRules;
import io.vmqtt.model.ScopedName;
import io.vmqtt.store.session.Publication;
import org.jspecify.annotations.Nullable;

/**
 * Whether a will may be published, by the access rules of the moment when it is. Only a leader
 * asks, and what it does with the answer goes through the log: replicas need not know the same
 * rules. Safe from any thread.
 */
public final class WillJudge {
  /** Null: there are none, as far as it is {@link #known}. */
  private volatile @Nullable WillRules rules;

  private volatile boolean known;

  /** What is said of a will. */
  enum Verdict {
    ALLOWED,
    FORBIDDEN,
    /** Not yet known: it has to wait. */
    UNKNOWN
  }

  /** There are no rules, unless somebody says otherwise later. */
  public static WillJudge withoutRules() {
    WillJudge judge = new WillJudge();
    judge.follow(AccessSettings.NONE);
    return judge;
  }

  /** What holds from now on. */
  public void follow(AccessSettings settings) {
    TopicRules said = settings.rules();
    rules = said == null ? null : new WillRules(said);
    known = true;
  }

  /** What it costs at most to judge: how many topics of rules are tried. */
  int tries(@Nullable WillOwner owner, Publication will) {
    WillRules present = rules;
    return owner == null || present == null
        ? 0
        : present.tries(owner, ScopedName.local(will.topic()));
  }

  /**
   * Judges.
   *
   * @param owner null: nobody knows whose it is, and it may be published
   */
  Verdict judge(@Nullable WillOwner owner, Publication will) {
    if (owner == null) {
      return Verdict.ALLOWED;
    }
    if (!known) {
      return Verdict.UNKNOWN;
    }
    WillRules present = rules;
    return present == null
            || present.allow(owner, ScopedName.local(will.topic()), will.qos(), will.retain())
        ? Verdict.ALLOWED
        : Verdict.FORBIDDEN;
  }
}
