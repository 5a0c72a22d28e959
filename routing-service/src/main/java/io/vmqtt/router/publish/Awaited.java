package io.vmqtt.router.publish;

import java.util.function.LongPredicate;

/** What waits for destinations to have a publish. Confined to the router's thread. */
public interface Awaited {

  /** One more destination has been given it. */
  void sent();

  /** One destination has it safe, or is gone together with its subscribers. */
  void arrived();

  /** One destination did not take it; {@link #arrived} follows. */
  void refused(int reasonCode);

  /** It has come again, and its subscribers have had it; {@link #arrived} follows. */
  void settledBefore();

  /**
   * One destination does not get it any more: its source brings it home another way, and wants to
   * hear nothing of it from here.
   */
  void forgotten();

  /** Whether it is one of these, by the source's numbers. */
  boolean isOf(PublishSource who, LongPredicate sequences);
}
