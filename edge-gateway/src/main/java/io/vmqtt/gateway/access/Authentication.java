package io.vmqtt.gateway.access;

import io.vmqtt.model.ReasonCode;
import java.util.Set;

/** The answer to CONNECT. */
public sealed interface Authentication {

  /**
   * It is let in.
   *
   * @param identity made of its credentials by {@link Credentials#identity}
   */
  record Accepted(Identity identity) implements Authentication {}

  /**
   * It is not.
   *
   * @param reason for CONNACK; what MQTT 3.1.1 has no return code for closes its connection
   */
  record Refused(ReasonCode reason) implements Authentication {
    private static final Set<ReasonCode> POSSIBLE =
        Set.of(
            ReasonCode.UNSPECIFIED_ERROR,
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
            ReasonCode.BAD_USER_NAME_OR_PASSWORD,
            ReasonCode.NOT_AUTHORIZED,
            ReasonCode.SERVER_UNAVAILABLE,
            ReasonCode.SERVER_BUSY,
            ReasonCode.BANNED,
            ReasonCode.BAD_AUTHENTICATION_METHOD,
            ReasonCode.QUOTA_EXCEEDED,
            ReasonCode.CONNECTION_RATE_EXCEEDED);

    public Refused {
      if (!POSSIBLE.contains(reason)) {
        throw new IllegalArgumentException(reason + " refuses no CONNECT");
      }
    }

    /** Whoever has not proven who it is: unknown, with a wrong password, or shut out. */
    public static Refused unproven(Credentials credentials) {
      return new Refused(
          credentials.userName() == null
              ? ReasonCode.NOT_AUTHORIZED
              : ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    }
  }
}
