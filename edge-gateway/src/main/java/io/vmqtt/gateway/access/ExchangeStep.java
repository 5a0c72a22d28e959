package io.vmqtt.gateway.access;

/** What comes of what a client has sent to prove who it is. */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
public sealed interface ExchangeStep {

  /**
   * The client has to say more.
   *
   * @param data what it is asked; empty: nothing in particular
   */
  record Challenge(byte[] data) implements ExchangeStep {}

  /**
   * It is decided.
   *
   * @param data what the client is told if it is let in; empty: nothing
   */
  record Decided(Authentication answer, byte[] data) implements ExchangeStep {

    /** Without another word. */
    public Decided(Authentication answer) {
      this(answer, new byte[0]);
    }
  }
}
