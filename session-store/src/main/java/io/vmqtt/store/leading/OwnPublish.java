package io.vmqtt.store.leading;

import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.model.PublishKey;
import io.vmqtt.store.session.PendingPublish;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.RouteKey;
import io.vmqtt.store.session.ShardRules;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A message that a shard publishes by itself: a will, or what members of share groups left.
 *
 * @param expiresAtMillis milliseconds since 1970; 0: never
 * @param share the group that alone is to have it; null: all subscribers
 * @param owner whose will it is; null: nobody knows, or it is none
 */
public record OwnPublish(
    Name name,
    Publication publication,
    long expiresAtMillis,
    @Nullable RouteKey share,
    @Nullable WillOwner owner) {

  /**
   * Names it within its shard.
   *
   * @param session that left it when it ended; 0: none
   * @param number of the {@link PendingPublish}, or the sequence in the queue of the session
   */
  public record Name(long session, long number) implements Comparable<Name> {
    private static final Comparator<Name> ORDER =
        Comparator.comparingLong(Name::session).thenComparingLong(Name::number);

    /** Names the shard as the producer of what no session left; none has this number. */
    private static final long SHARD = (1L << 48) - 1;

    static Name of(PendingPublish publish) {
      return new Name(0, publish.number());
    }

    /** The least of its producer. */
    Name first() {
      return new Name(session, 0);
    }

    /**
     * The key by which each destination takes it once, however often it is sent.
     *
     * @param lowest nothing of the same producer before it will be sent again
     */
    PublishKey key(int shard, long lowest) {
      long producer =
          session == 0
              ? ShardRules.producer(shard, SHARD)
              : ShardRules.producerOfLeft(shard, session);
      return new PublishKey(producer, number, lowest);
    }

    @Override
    public int compareTo(Name other) {
      return ORDER.compare(this, other);
    }
  }

  static OwnPublish of(PendingPublish publish) {
    return new OwnPublish(
        Name.of(publish),
        publish.publication(),
        publish.expiresAtMillis(),
        publish.share(),
        publish.owner());
  }

  /** What it is, in a sentence of a log. */
  String what() {
    return share == null ? "a will" : "what members of a share group left";
  }
}
