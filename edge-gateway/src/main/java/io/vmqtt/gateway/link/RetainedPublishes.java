package io.vmqtt.gateway.link;

import io.vmqtt.gateway.connection.Cluster.PublishKey;
import io.vmqtt.model.ClientId;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the QoS 1 publishes of one attachment that are to be retained. The numbers are the
 * client's, not the gateway's: so a copy that an old connection left behind somewhere is known as
 * such when it arrives after the client has gone on elsewhere.
 */
final class RetainedPublishes {
  /** Sets the numbers of clients apart from those of sessions and gateways. */
  private static final long SALT = 0x5DEE_CE66_D1CE_4E5BL;

  private final String clientId;
  private final long epoch;

  /** Null until there is one: few connections retain anything. */
  private @Nullable TreeSet<Long> unanswered;

  private long last;

  RetainedPublishes(String clientId, long epoch) {
    this.clientId = clientId;
    this.epoch = epoch;
  }

  PublishKey begin() {
    TreeSet<Long> open = unanswered;
    if (open == null) {
      open = new TreeSet<>();
      unanswered = open;
    }
    open.add(++last);
    return new PublishKey(ClientId.hash64(clientId) ^ SALT, last, open.first(), epoch);
  }

  /** It is answered: it will not be sent again. */
  void end(long sequence) {
    if (unanswered != null) {
      unanswered.remove(sequence);
    }
  }
}
