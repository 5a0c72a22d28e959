package io.vmqtt.gateway.listener;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.machine.FileWatches;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.tokens.IssuerKeys;
import io.vmqtt.gateway.access.tokens.Tokens;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.gateway.config.AccessMethods.IssuerConfig;
import io.vmqtt.gateway.config.AccessMethods.TokenConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and their keys; listeners that say the same of them share them. Used by one thread at a
 * time.
 */
final class TokenAccess implements AutoCloseable {
  private final FileWatches files;
  private final CredentialChecks checks;
  private final Consumer<Change> audit;
  private final Map<TokenConfig, Opened> byConfig = new HashMap<>();
  private final List<IssuerKeys> issuers = new CopyOnWriteArrayList<>();

  TokenAccess(
      FileWatches files, CredentialChecks checks, MeterRegistry registry, Consumer<Change> audit) {
    this.files = files;
    this.checks = checks;
    this.audit = audit;
    FunctionCounter.builder(
            "vmqtt.gateway.token.keys.read",
            issuers,
            all -> all.stream().mapToLong(IssuerKeys::read).sum())
        .description("how often the keys of tokens were read where their issuer says them")
        .register(registry);
    FunctionCounter.builder(
            "vmqtt.gateway.token.keys.failed",
            issuers,
            all -> all.stream().mapToLong(IssuerKeys::failed).sum())
        .description("how often they could not be: those of before hold for a while")
        .register(registry);
    Gauge.builder(
            "vmqtt.gateway.token.keys.seconds",
            issuers,
            all -> all.stream().mapToDouble(IssuerKeys::ageSeconds).max().orElse(0))
        .description("since they were read last; of several issuers, the longest")
        .register(registry);
  }

  /**
   * Reads the files that are needed; the keys of an issuer come later.
   *
   * @throws IOException if one cannot be read; the message names it
   */
  void read(@Nullable TokenConfig config) throws IOException {
    if (config != null && !byConfig.containsKey(config)) {
      byConfig.put(config, new Opened(config));
    }
  }

  /** Those of a configuration that was read; empty: there are none. */
  Optional<Tokens> of(@Nullable TokenConfig config) {
    return Optional.ofNullable(byConfig.get(config)).map(opened -> opened.tokens);
  }

  /** Forgets the keys that none of these needs; what is returned lets them go. */
  List<Runnable> keepOnly(Set<TokenConfig> needed) {
    return Endings.keepOnly(needed, byConfig, Opened::close);
  }

  @Override
  public void close() {
    byConfig.values().forEach(Opened::close);
  }

  /** Tokens, and where their keys come from. */
  private final class Opened implements AutoCloseable {
    private final Endings endings = new Endings(files);
    private final Tokens tokens;

    Opened(TokenConfig config) throws IOException {
      try {
        IssuerConfig issuer = config.issuer();
        Tokens made =
            new Tokens(
                config.demands(),
                checks,
                issuer == null ? null : issuerKeys(issuer),
                System::nanoTime);
        Path keys = config.keys();
        endings.watch(
            keys,
            bytes -> {
              made.keys(new String(bytes, StandardCharsets.UTF_8));
              audit.accept(Change.of("token-keys", keys == null ? null : Origin.of(keys)));
            });
        tokens = made;
      } catch (IOException | RuntimeException e) {
        close();
        throw e;
      }
    }

    private IssuerKeys issuerKeys(IssuerConfig config) throws IOException {
      IssuerKeys keys =
          new IssuerKeys(config.uri(), config.timeout(), config.kept(), System::nanoTime);
      endings.push(keys::close);
      endings.watch(config.authorities(), keys::authorities);
      issuers.add(keys);
      endings.push(() -> issuers.remove(keys));
      keys.begin();
      return keys;
    }

    @Override
    public void close() {
      endings.close();
    }
  }
}
