package io.vmqtt.store.delivery;

import io.vmqtt.model.Delivery;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.RouteKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a session's queue from where it is stored. */
@FunctionalInterface
public interface QueueReader {

  /**
   * Reads entries in order.
   *
   * @param fromSequence the first of interest
   * @param limit how many at most
   * @param maxBytes of messages; with so many it stops, so a larger message comes alone
   */
  List<Entry> read(long session, long fromSequence, int limit, int maxBytes);

  /**
   * An entry of a queue.
   *
   * @param publication null if the client has it: only its release is left
   * @param share the share group in which it was the session's turn; null: none
   */
  record Entry(
      long sequence,
      @Nullable Publication publication,
      Delivery delivery,
      @Nullable RouteKey share) {

    /** Of an ordinary subscription. */
    public Entry(long sequence, @Nullable Publication publication, Delivery delivery) {
      this(sequence, publication, delivery, null);
    }

    /** Bytes of the message; 0 if the client has it. */
    public int bytes() {
      return publication == null ? 0 : publication.bytes();
    }
  }
}
