package io.vmqtt.gateway.sessions;

import io.vmqtt.model.ClientId;
import io.vmqtt.model.PublishKey;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Numbers what one producer does, and knows which of it is still open: those may be sent again.
 * Confined to one thread.
 */
public final class KeySource {

  /**
   * What is numbered in the name of a client, each by itself and apart from the numbers of sessions
   * and of gateways.
   */
  enum Purpose {
    /** QoS 1 publishes that are to be retained. */
    RETAIN(0x5DEE_CE66_D1CE_4E5BL),
    /** Retained messages for the client's own queue. */
    ENQUEUE(0x2545_F491_4F6C_DD1DL);

    private final long salt;

    Purpose(long salt) {
      this.salt = salt;
    }
  }

  private final long producer;
  private final long epoch;

  /** Null until there is one: few connections need any. */
  private @Nullable TreeSet<Long> open;

  private long last;

  /** Of a producer that has one epoch. */
  public KeySource(long producer) {
    this(producer, 0);
  }

  private KeySource(long producer, long epoch) {
    this.producer = producer;
    this.epoch = epoch;
  }

  /**
   * In the name of a client, for one of its attachments. The numbers are the client's, not the
   * gateway's: so a copy that an old connection left behind somewhere is known as such when it
   * arrives after the client has gone on elsewhere.
   */
  static KeySource of(Attachment attachment, Purpose purpose) {
    return new KeySource(ClientId.hash64(attachment.clientId()) ^ purpose.salt, attachment.epoch());
  }

  public long producer() {
    return producer;
  }

  /** Begins something; returns its number. */
  public long begin() {
    TreeSet<Long> numbers = open;
    if (numbers == null) {
      numbers = new TreeSet<>();
      open = numbers;
    }
    numbers.add(++last);
    return last;
  }

  /** The key of what has begun under that number. */
  public PublishKey key(long number) {
    TreeSet<Long> numbers = open;
    long lowest = numbers == null || numbers.isEmpty() ? number : numbers.first();
    return new PublishKey(producer, number, Math.min(lowest, number), epoch);
  }

  /**
   * It will not be sent again: it has its answer. Not earlier, although its client may be gone:
   * destinations take what is below the last open number for a copy. And not only when the client
   * says that it has the PUBREC: until then every destination remembers all that come after it.
   */
  public void end(long number) {
    if (open != null) {
      open.remove(number);
    }
  }
}
