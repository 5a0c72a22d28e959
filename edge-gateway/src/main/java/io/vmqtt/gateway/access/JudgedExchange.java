package io.vmqtt.gateway.access;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Another exchange, of whose steps somebody else may make others. */
public abstract class JudgedExchange implements Exchange {
  private final Exchange then;

  protected JudgedExchange(Exchange then) {
    this.then = then;
  }

  @Override
  public final @Nullable String userName() {
    return then.userName();
  }

  @Override
  public CompletableFuture<ExchangeStep> next(byte[] data) {
    return Answers.map(then.next(data), this::judge);
  }

  @Override
  public final void unheard() {
    then.unheard();
  }

  @Override
  public final void abandoned(Unanswered why) {
    then.abandoned(why);
  }

  /** What becomes of a step. */
  protected abstract ExchangeStep judge(ExchangeStep step);
}
