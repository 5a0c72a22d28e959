package io.vmqtt.gateway.access.stored;

import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import io.vmqtt.gateway.access.passwords.StoredPassword;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a user.
 *
 * @param disabled not let in, whatever the password
 */
public record StoredUser(StoredPassword password, boolean disabled) {

  /**
   * As somebody keeps it.
   *
   * @throws StrangeAnswerException if the hash is none that is known
   */
  public static StoredUser read(@Nullable String hash, boolean disabled)
      throws StrangeAnswerException {
    try {
      return new StoredUser(StoredPassword.read(hash == null ? "" : hash), disabled);
    } catch (IllegalArgumentException e) {
      throw new StrangeAnswerException("has a user with " + e.getMessage());
    }
  }
}
