package io.vmqtt.gateway.access.stored;

import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import java.util.Optional;

/** Somebody who keeps users. May be asked by many threads, which may wait. */
public interface UserStore extends AutoCloseable {

  /** What it is called where methods are listed. */
  String name();

  /** Whether users are found by their name: else a password says nothing of it. */
  boolean findsByUserName();

  /**
   * The user that a client names; empty: there is none.
   *
   * @throws StrangeAnswerException if what is kept cannot be used
   * @throws Exception if there is no answer
   */
  Optional<StoredUser> find(Credentials client) throws Exception;

  @Override
  void close();
}
