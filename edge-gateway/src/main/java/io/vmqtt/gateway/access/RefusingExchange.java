package io.vmqtt.gateway.access;

import io.vmqtt.model.ReasonCode;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An exchange that is over before it begins. */
public record RefusingExchange(ReasonCode reason) implements Exchange {

  @Override
  public @Nullable String userName() {
    return null;
  }

  @Override
  public CompletableFuture<ExchangeStep> next(byte[] data) {
    return CompletableFuture.completedFuture(
        new ExchangeStep.Decided(new Authentication.Refused(reason)));
  }
}
