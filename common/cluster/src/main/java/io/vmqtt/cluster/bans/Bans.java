package io.vmqtt.cluster.bans;

import io.vmqtt.cluster.facts.Authored;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.cluster.facts.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All bans that operators have set, and what they have pardoned.
 *
 * @param version as of {@link Authored}
 * @param origin as of {@link FromFile}
 */
public record Bans(long version, List<Ban> all, List<Pardon> pardons, @Nullable Origin origin)
    implements FromFile<Bans> {
  /** Nobody has banned anybody, nor pardoned. */
  public static final Bans NONE = new Bans(0, List.of());

  /** So many there may be. */
  public static final int MOST = 10_000;

  /** And of these, of a day: what ended before is about nothing. */
  public static final int MOST_PARDONS = 1_000;

  public Bans {
    Authored.requireVersion(version);
    all = List.copyOf(all);
    pardons = List.copyOf(pardons);
  }

  /** Of which nobody knows where they were said. */
  public Bans(long version, List<Ban> all, List<Pardon> pardons) {
    this(version, all, pardons, null);
  }

  /** Without pardons. */
  public Bans(long version, List<Ban> all) {
    this(version, all, List.of());
  }

  @Override
  public boolean saysTheSameAs(Bans other) {
    return all.equals(other.all) && pardons.equals(other.pardons);
  }

  @Override
  public Bans withVersion(long newVersion) {
    return new Bans(newVersion, all, pardons, origin);
  }

  @Override
  public Bans from(@Nullable Origin said) {
    return new Bans(version, all, pardons, said);
  }
}
