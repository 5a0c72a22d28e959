package io.vmqtt.cluster.access;

import io.vmqtt.cluster.facts.Authored;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says about access.
 *
 * @param version as of {@link Authored}
 * @param rules null: there are none, and everything is allowed
 */
public record AccessSettings(long version, @Nullable TopicRules rules)
    implements Authored<AccessSettings> {
  /** Nothing is said. */
  public static final AccessSettings NONE = new AccessSettings(0, null);

  public AccessSettings {
    Authored.requireVersion(version);
  }

  @Override
  public boolean saysTheSameAs(AccessSettings other) {
    return Objects.equals(rules, other.rules);
  }

  @Override
  public AccessSettings withVersion(long newVersion) {
    return new AccessSettings(newVersion, rules);
  }
}
