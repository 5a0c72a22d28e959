package io.vmqtt.gateway.access.tokens;

import io.vmqtt.gateway.access.Answers;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.gateway.access.Mechanism;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.model.ReasonCode;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tokens as the data of an exchange, which is one step: so whoever is connected can show a new one
 * before the last ends.
 */
public final class TokenMechanism implements Mechanism {
  public static final String NAME = "JWT";

  private final Tokens tokens;

  /** The tokens that are good as passwords are good here. */
  public TokenMechanism(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Exchange begin(Credentials credentials) {
    return new Exchange() {
      @Override
      public @Nullable String userName() {
        return null; // what a token says that is not good is nobody's word
      }

      @Override
      public CompletableFuture<ExchangeStep> next(byte[] data) {
        return data.length == 0
            ? CompletableFuture.completedFuture(new ExchangeStep.Challenge(data))
            : Answers.map(
                tokens.judge(credentials.with(new Password(data))),
                verdict ->
                    new ExchangeStep.Decided(
                        verdict.orElse(
                            new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD))));
      }
    };
  }
}
