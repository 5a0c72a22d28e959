package io.vmqtt.gateway.connection;

/**
 * What CONNECT, AUTH and CONNACK carry of enhanced authentication [4.12].
 *
 * @param method its name
 * @param data empty: none; no log ever shows it
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
public record AuthenticationData(String method, byte[] data) {

  @Override
  public String toString() {
    return "data of " + method;
  }
}
