package io.vmqtt.gateway.access;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client that proves who it is, step by step. Confined to the thread of its connection, one
 * step at a time. How it answers in time, {@link Access} says.
 */
public interface Exchange {

  /** Whom the client claims to be; null: it has not said so. */
  @Nullable String userName();

  /**
   * What comes of what the client has sent.
   *
   * @param data empty: none
   */
  CompletableFuture<ExchangeStep> next(byte[] data);

  /** A connection ends because nobody had time for what it began this with, nor for that before. */
  default void unheard() {}

  /** It is over though nothing was decided, while nobody was asked anything. */
  default void abandoned(Unanswered why) {}
}
