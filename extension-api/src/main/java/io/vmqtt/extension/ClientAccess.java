package io.vmqtt.extension;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says who clients are, what they may do, or both. It is asked by many threads at once, none of
 * which serves clients: it may wait for others, within the time that the gateway has for a question
 * ({@code --outside-timeout}). When that is over, its thread is interrupted, and the client is not
 * let in; so it is where this throws, or returns what cannot be used.
 */
public interface ClientAccess extends AutoCloseable {

  /**
   * Who somebody is that connects; asked where no method before it knows.
   *
   * @throws Exception if nobody can tell: the client is not let in, and hears that the server is
   *     unavailable. After some in a row it is not asked for a while, but for a {@code
   *     RuntimeException}, which is taken for a mistake about this one
   */
  default Verdict authenticate(Newcomer newcomer) throws Exception {
    return Verdict.unknown();
  }

  /** Whether {@link #rules} is to be asked. Asked once, when it begins. */
  default boolean givesRules() {
    return false;
  }

  /**
   * What a client may do that was let in by any method, when it connects and when it proves anew
   * who it is. Not asked where whoever let it in has said so already.
   *
   * @return rules of its own, at most 100, which go before those of all; null: none
   * @throws Exception if nobody can tell: the client is not let in
   */
  default @Nullable List<Rule> rules(Client client) throws Exception {
    return null;
  }

  /** It is not asked any more. Has two seconds. */
  @Override
  default void close() {}
}
