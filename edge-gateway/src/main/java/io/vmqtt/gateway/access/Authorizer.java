package io.vmqtt.gateway.access;

import io.vmqtt.model.Message;
import io.vmqtt.model.Subscription;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What each client may do. How it answers, {@link Access} says. */
public interface Authorizer {

  /** Whether everybody may do everything, for as long as it does not say that it has changed. */
  default boolean grantsAll() {
    return false;
  }

  /**
   * What its answers have cost until now, in steps of which many thousands take a millisecond:
   * whoever has much to ask does not ask all of it in one turn of the loop.
   */
  default long work() {
    return 0;
  }

  /** Whether the will may be published when its client is gone. */
  CompletableFuture<Permission> authorizeWill(Identity who, Message will);

  /**
   * Whether what it says of a will is what the client's own rules say, and not what holds for all.
   */
  default boolean goesByOwnRules(Message will) {
    return false;
  }

  /** Whether a message may be published. Asked for every one. */
  CompletableFuture<Permission> authorizePublish(Identity who, Message message);

  /**
   * Whether a subscription may be made; what it matches later is not asked about while the client,
   * and what it may do, stay the same.
   */
  CompletableFuture<Permission> authorizeSubscribe(Identity who, Subscription wanted);

  /**
   * Whether a message of a topic may still reach the client: by some subscription that it could
   * make now, nobody knows any more by which one it came. Answers at once.
   */
  default boolean mayReceive(String topic) {
    return true;
  }

  /**
   * Which rule refuses a publish or a will, as people find it where rules are written; null: nobody
   * can tell. Asked of what has just been refused.
   */
  default @Nullable String ruleAgainst(Message message) {
    return null;
  }

  /** The same of a subscription. */
  default @Nullable String ruleAgainst(Subscription wanted) {
    return null;
  }

  /**
   * What it would say of a publish, for people who ask why: nothing is remembered of that, or told
   * to anybody. Null: it would have to ask somebody.
   */
  default @Nullable Verdict verdictOn(Message message) {
    return grantsAll() ? new Verdict(true, null) : null;
  }

  /**
   * An answer with its reason.
   *
   * @param rule which rule decides, as people find it; null: none does
   */
  record Verdict(boolean isGranted, @Nullable String rule) {}
}
