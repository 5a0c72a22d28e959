package io.vmqtt.gateway.access.stored;

import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import io.vmqtt.gateway.access.passwords.StoredPassword;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a user.
 *
 * @param disabled not let in, whatever the password
 * @param rules what he may do; null: nothing is said of it
 */
public record StoredUser(StoredPassword password, boolean disabled, @Nullable OwnRules rules) {

  /**
   * As somebody keeps it.
   *
   * @throws StrangeAnswerException if the hash is none that is known
   */
  public static StoredUser read(@Nullable String hash, boolean disabled, @Nullable OwnRules rules)
      throws StrangeAnswerException {
    try {
      return new StoredUser(StoredPassword.read(hash == null ? "" : hash), disabled, rules);
    } catch (IllegalArgumentException e) {
      throw new StrangeAnswerException("has a user with " + e.getMessage());
    }
  }
}
