package io.vmqtt.store.retained;

import io.vmqtt.store.session.Publication;

/** The retained messages of a shard, as a table sorted by the bytes of their topics. */
@FunctionalInterface
public interface RetainedMessages {

  /**
   * Goes through the table.
   *
   * @param fromTopic the first topic of interest; an empty text is the start of the table
   * @param visitor is asked message by message
   */
  void scan(String fromTopic, Visitor visitor);

  /** Takes messages, in order. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Looks at a message.
     *
     * @return whether to go on
     */
    boolean visit(Publication message);
  }
}
