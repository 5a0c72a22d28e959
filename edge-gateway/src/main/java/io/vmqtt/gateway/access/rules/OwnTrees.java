package io.vmqtt.gateway.access.rules;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vmqtt.cluster.access.OwnRules;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rules that clients have of their own, compiled once for all clients that have the same. What is
 * kept for those who come takes {@value #MOST_BYTES} bytes together, as {@link OwnRulesWeight} has
 * them; beyond that those go that nobody has asked for lately, and are compiled again for whoever
 * comes with them. Safe from any thread.
 *
 * <p>They are compiled outside of the cache: while one computes a value in it, whoever changes what
 * lies beside that has to wait, and so does an event loop that asks and has to tidy up for it.
 */
public final class OwnTrees {
  static final int MOST_BYTES = 16 << 20;

  private final Function<OwnRules, CompiledRules> compiler;
  private final LongAdder compiled = new LongAdder();
  private final AsyncCache<OwnRules, CompiledRules> known =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher(OwnRulesWeight::bytes)
          .executor(Runnable::run)
          .buildAsync();

  OwnTrees() {
    this(CompiledRules::new);
  }

  /** With another who compiles. */
  OwnTrees(Function<OwnRules, CompiledRules> compiler) {
    this.compiler = compiler;
  }

  /** Those that were compiled already; null: they were not. */
  @Nullable CompiledRules find(OwnRules own) {
    CompletableFuture<CompiledRules> there = known.getIfPresent(own);
    return there != null && there.state() == Future.State.SUCCESS ? there.resultNow() : null;
  }

  /**
   * Compiles them, unless they are known, or another thread is about to: then it waits for that. It
   * takes too long for a thread of an event loop.
   */
  CompiledRules of(OwnRules own) {
    CompletableFuture<CompiledRules> mine = new CompletableFuture<>();
    CompletableFuture<CompiledRules> there = known.asMap().putIfAbsent(own, mine);
    if (there != null) {
      return there.join();
    }
    compiled.increment();
    return mine.completeAsync(() -> compiler.apply(own), Runnable::run).join();
  }

  /** How many different ones are known. */
  public long known() {
    return known.synchronous().estimatedSize();
  }

  /** How many bytes they take, as they are weighed. */
  public long bytes() {
    return known.synchronous().policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  /** How often some were compiled. */
  public long compiled() {
    return compiled.sum();
  }
}
