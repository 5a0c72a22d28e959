package io.vmqtt.gateway.sessions;

import io.vmqtt.gateway.connection.Cluster.PublishKey;
import io.vmqtt.model.ClientId;
import io.vmqtt.proto.message.v1.IdempotencyKey;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keys in the name of a client, for one of its attachments. The numbers are the client's, not the
 * gateway's: so a copy that an old connection left behind somewhere is known as such when it
 * arrives after the client has gone on elsewhere.
 */
public final class ClientKeys {

  /** What is numbered, each by itself and apart from the numbers of sessions and of gateways. */
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

  private final String clientId;
  private final long epoch;
  private final Purpose purpose;

  /** Null until there is one: few connections need any. */
  private @Nullable TreeSet<Long> unanswered;

  private long last;

  ClientKeys(Attachment attachment, Purpose purpose) {
    this.clientId = attachment.clientId();
    this.epoch = attachment.epoch();
    this.purpose = purpose;
  }

  /** A key as it travels. */
  public static IdempotencyKey wire(PublishKey key) {
    return IdempotencyKey.newBuilder()
        .setProducer(key.producer())
        .setSequence(key.sequence())
        .setLowWater(key.lowWater())
        .setEpoch(key.epoch())
        .build();
  }

  PublishKey begin() {
    TreeSet<Long> open = unanswered;
    if (open == null) {
      open = new TreeSet<>();
      unanswered = open;
    }
    open.add(++last);
    return new PublishKey(ClientId.hash64(clientId) ^ purpose.salt, last, open.first(), epoch);
  }

  /** It is answered: it will not be sent again. */
  void end(PublishKey key) {
    if (unanswered != null) {
      unanswered.remove(key.sequence());
    }
  }
}
