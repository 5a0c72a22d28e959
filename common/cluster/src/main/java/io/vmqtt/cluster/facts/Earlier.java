package io.vmqtt.cluster.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a fact said before, so that it can be said again: the latest first, as many as there may be.
 *
 * @param version as of {@link Authored}
 * @param <T> the fact
 */
public record Earlier<T extends FromFile<T>>(long version, List<T> all)
    implements Authored<Earlier<T>> {
  /** So many there may be; fewer where they are long. */
  public static final int MOST = 10;

  public Earlier {
    Authored.requireVersion(version);
    all = List.copyOf(all);
  }

  /** Nothing is known of what was before. */
  public static <T extends FromFile<T>> Earlier<T> none() {
    return new Earlier<T>(0, List.<T>of());
  }

  /** The version that is asked for. */
  public Optional<T> of(long wanted) {
    return all.stream().filter(one -> one.version() == wanted).findFirst();
  }

  /** With one more, which is the latest; the same where it is there already. */
  public Earlier<T> with(T latest) {
    if (of(latest.version()).isPresent()) {
      return this;
    }
    List<T> more = new ArrayList<>(all);
    more.addFirst(latest);
    return new Earlier<>(version, more.subList(0, Math.min(more.size(), MOST)));
  }

  /** Without the one that is furthest back. */
  Earlier<T> withoutLast() {
    return new Earlier<>(version, all.subList(0, all.size() - 1));
  }

  @Override
  public boolean saysTheSameAs(Earlier<T> other) {
    return all.equals(other.all);
  }

  @Override
  public Earlier<T> withVersion(long newVersion) {
    return new Earlier<>(newVersion, all);
  }
}
