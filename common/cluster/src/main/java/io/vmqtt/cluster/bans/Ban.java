package io.vmqtt.cluster.bans;

import io.vmqtt.model.Namespace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That somebody may not be connected.
 *
 * @param who whom it is about
 * @param namespace where it holds; null: everywhere
 * @param reason why, for people; may be empty
 * @param by who says so, for people; may be empty
 * @param since when that was said, for people; null: nobody has noted it
 * @param until from then on it holds no more; null: it does not end
 */
public record Ban(
    Banned who,
    @Nullable Namespace namespace,
    String reason,
    String by,
    @Nullable Instant since,
    @Nullable Instant until) {

  public boolean hasEnded(Instant now) {
    return until != null && !now.isBefore(until);
  }

  /** Whether it is about the same as another: one of them is enough. */
  public boolean isAboutTheSameAs(Banned other, @Nullable Namespace where) {
    return who.equals(other) && (namespace == null ? where == null : namespace.equals(where));
  }

  @Override
  public String toString() {
    return who.label()
        + ' '
        + who.text()
        + (namespace == null ? "" : " in namespace '" + namespace.name() + "'");
  }
}
