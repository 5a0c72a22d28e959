package io.vmqtt.cluster.access;

import io.vmqtt.cluster.facts.Authored;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.cluster.facts.Origin;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says about access.
 *
 * @param version as of {@link Authored}
 * @param rules null: there are none, and everything is allowed
 * @param origin as of {@link FromFile}
 */
public record AccessSettings(long version, @Nullable TopicRules rules, @Nullable Origin origin)
    implements FromFile<AccessSettings> {
  /** Nothing is said. */
  public static final AccessSettings NONE = new AccessSettings(0, null);

  public AccessSettings {
    Authored.requireVersion(version);
  }

  /** Of which nobody knows where it was said. */
  public AccessSettings(long version, @Nullable TopicRules rules) {
    this(version, rules, null);
  }

  @Override
  public boolean saysTheSameAs(AccessSettings other) {
    return Objects.equals(rules, other.rules);
  }

  @Override
  public AccessSettings withVersion(long newVersion) {
    return new AccessSettings(newVersion, rules, origin);
  }

  @Override
  public AccessSettings from(@Nullable Origin said) {
    return new AccessSettings(version, rules, said);
  }
}
