package io.vmqtt.cluster.operators;

import io.vmqtt.cluster.facts.Authored;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.cluster.facts.Origin;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All operators.
 *
 * @param version as of {@link Authored}
 * @param origin as of {@link FromFile}
 */
public record Operators(long version, List<Operator> all, @Nullable Origin origin)
    implements FromFile<Operators> {
  /** Where nobody has said anything. */
  public static final Operators NONE = new Operators(0, List.of());

  /** How many there may be. */
  public static final int MOST = 1_000;

  public Operators {
    Authored.requireVersion(version);
    all = List.copyOf(all);
    if (all.size() > MOST) {
      throw new IllegalArgumentException("more than " + MOST + " operators: " + all.size());
    }
    Set<String> names = new HashSet<>();
    for (Operator one : all) {
      if (!names.add(one.name())) {
        throw new IllegalArgumentException("operator '" + one.name() + "' is there twice");
      }
    }
  }

  /** Of which nobody knows where they were said. */
  public Operators(long version, List<Operator> all) {
    this(version, all, null);
  }

  /** The one of that name. */
  public Optional<Operator> named(String name) {
    return all.stream().filter(operator -> operator.name().equals(name)).findFirst();
  }

  @Override
  public boolean saysTheSameAs(Operators other) {
    return all.equals(other.all);
  }

  @Override
  public Operators withVersion(long newVersion) {
    return new Operators(newVersion, all, origin);
  }

  @Override
  public Operators from(@Nullable Origin said) {
    return new Operators(version, all, said);
  }
}
