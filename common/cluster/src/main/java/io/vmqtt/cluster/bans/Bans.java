package io.vmqtt.cluster.bans;

import io.vmqtt.cluster.facts.Authored;
import java.util.List;

/**
 * All bans that operators have set.
 *
 * @param version as of {@link Authored}
 */
public record Bans(long version, List<Ban> all) implements Authored<Bans> {
  /** Nobody has banned anybody. */
  public static final Bans NONE = new Bans(0, List.of());

  /** So many there may be. */
  public static final int MOST = 10_000;

  public Bans {
    Authored.requireVersion(version);
    all = List.copyOf(all);
  }

  @Override
  public boolean saysTheSameAs(Bans other) {
    return all.equals(other.all);
  }

  @Override
  public Bans withVersion(long newVersion) {
    return new Bans(newVersion, all);
  }
}
