package io.vmqtt.registry.admin;

/** What one node says to a question. */
public sealed interface Said<A> {

  /** An answer. */
  record Answer<A>(A content) implements Said<A> {}

  /**
   * None.
   *
   * @param why for people
   */
  record Nothing<A>(String why) implements Said<A> {}

  /**
   * It does not do that, for now.
   *
   * @param why for people
   */
  record Refused<A>(String why) implements Said<A> {}
}
