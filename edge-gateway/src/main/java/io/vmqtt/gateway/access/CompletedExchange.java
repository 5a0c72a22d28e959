package io.vmqtt.gateway.access;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Another exchange, of whose answer another one is made, which may take its time.
 *
 * @param then the other
 * @param completion makes the answer that counts of the one that the other comes to
 */
public record CompletedExchange(
    Exchange then, Function<Authentication, CompletableFuture<Authentication>> completion)
    implements Exchange {

  @Override
  public @Nullable String userName() {
    return then.userName();
  }

  @Override
  public CompletableFuture<ExchangeStep> next(byte[] data) {
    return Answers.then(
        then.next(data),
        step ->
            switch (step) {
              case ExchangeStep.Challenge _ -> CompletableFuture.completedFuture(step);
              case ExchangeStep.Decided(Authentication known, byte[] last) ->
                  Answers.map(
                      completion.apply(known), answer -> new ExchangeStep.Decided(answer, last));
            });
  }

  @Override
  public void unheard() {
    then.unheard();
  }

  @Override
  public void abandoned(Unanswered why) {
    then.abandoned(why);
  }
}
