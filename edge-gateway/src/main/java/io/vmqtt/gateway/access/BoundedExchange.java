package io.vmqtt.gateway.access;

import io.vmqtt.model.ReasonCode;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that ends, whatever its client sends, and after which whoever was somebody is nobody
 * else: a session, and what was done in it, is of one user.
 */
final class BoundedExchange extends JudgedExchange {
  /** SCRAM takes three where CONNECT has no data. */
  static final int MOST_STEPS = 8;

  static final int MOST_BYTES = 16 << 10;

  private final @Nullable Identity present;
  private int steps;

  /**
   * The same exchange within its bounds.
   *
   * @param present who the client is; null: nobody yet
   */
  BoundedExchange(Exchange then, @Nullable Identity present) {
    super(then);
    this.present = present;
  }

  @Override
  public CompletableFuture<ExchangeStep> next(byte[] data) {
    steps++;
    return steps > MOST_STEPS || data.length > MOST_BYTES
        ? CompletableFuture.completedFuture(refused())
        : super.next(data);
  }

  @Override
  protected ExchangeStep judge(ExchangeStep step) {
    boolean another =
        present != null
            && step instanceof ExchangeStep.Decided(Authentication.Accepted(Identity who), var _)
            && !who.isSameUser(present);
    return another ? refused() : step;
  }

  private static ExchangeStep refused() {
    return new ExchangeStep.Decided(new Authentication.Refused(ReasonCode.NOT_AUTHORIZED));
  }
}
