package io.vmqtt.gateway.access.scram;

import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.Mechanism;
import java.security.SecureRandom;
import java.util.function.Supplier;

/**
 * Users who prove that they know their password without saying it: SCRAM-SHA-256 and -SHA-512. What
 * is checked here are a few digests, at once; what is dear, the client computes.
 */
public final class Scram implements Mechanism {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE_BYTES = 18;

  private final ScramHash hash;
  private final ScramUsers users;
  private final Supplier<String> nonces;

  /** With a hash, for those who have keys made with it. */
  public Scram(ScramHash hash, ScramUsers users) {
    this(hash, users, Scram::nonce);
  }

  /** With given nonces. */
  Scram(ScramHash hash, ScramUsers users, Supplier<String> nonces) {
    this.hash = hash;
    this.users = users;
    this.nonces = nonces;
  }

  private static String nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    return ScramKeys.base64(bytes);
  }

  @Override
  public String name() {
    return hash.mechanismName();
  }

  @Override
  public boolean isOffered() {
    return users.haveKeys(hash);
  }

  @Override
  public Exchange begin(Credentials credentials) {
    return new ScramExchange(hash, users, credentials, nonces.get());
  }
}
