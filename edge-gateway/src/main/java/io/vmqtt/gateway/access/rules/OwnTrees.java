package io.vmqtt.gateway.access.rules;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vmqtt.cluster.access.OwnRules;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Rules that clients have of their own, compiled once for all clients that have the same. What is
 * kept for those who come has {@value #MOST_LEVELS} levels together; beyond that those go that
 * nobody has asked for lately, and are compiled again for whoever comes with them. Safe from any
 * thread.
 */
public final class OwnTrees {
  static final int MOST_LEVELS = 50_000;

  private final LongAdder compiled = new LongAdder();
  private final Cache<OwnRules, CompiledRules> known =
      Caffeine.newBuilder()
          .maximumWeight(MOST_LEVELS)
          .weigher((OwnRules own, CompiledRules trees) -> 1 + own.levels())
          .executor(Runnable::run)
          .build();

  /** Those that were compiled already; null: they were not. */
  @Nullable CompiledRules find(OwnRules own) {
    return known.getIfPresent(own);
  }

  /** Compiles them, unless they are known. It takes too long for a thread of an event loop. */
  CompiledRules of(OwnRules own) {
    return known.get(own, this::compile);
  }

  private CompiledRules compile(OwnRules own) {
    compiled.increment();
    return new CompiledRules(own);
  }

  /** How many different ones are known. */
  public long known() {
    return known.estimatedSize();
  }

  /** How often some were compiled. */
  public long compiled() {
    return compiled.sum();
  }
}
