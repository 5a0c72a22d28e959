package io.vmqtt.gateway.connection;

import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.Message;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.ReasonCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a connection asks of the cluster behind the gateway. Answers come later, on the thread of
 * the connection, and never from within the call unless said. As an executor it is that thread.
 */
public interface Cluster extends Executor {

  /** False while there is nobody to ask: connections are refused then. */
  boolean isAvailable();

  /** Makes the connection the owner of its client's session. */
  void attach(AttachRequest request, AttachCallback callback);

  /** Publishes at QoS 0. */
  void publish(Message message);

  /**
   * Publishes at QoS 1 or 2.
   *
   * @param key where a copy that comes late must change nothing: at QoS 2, from {@link
   *     Session#beginInbound}, and where the message is retained
   */
  void publish(Message message, @Nullable PublishKey key, PublishCallback callback);

  /** Counts what came to nothing, of a client, so many times. */
  void missed(Missed what, Identity who, int times);

  /** Counts what a client wanted and did not get because of a bound of its listener. */
  void beyond(Bound bound);

  /** Counts a question to access control that failed, or had no answer in time. */
  void accessFailed(CompletableFuture<?> answer);

  /** Counts what waits towards the clients of this thread. */
  LoopMemory memory();

  /** What tells of the deliveries of one more client, for traces; null: nobody does. */
  default @Nullable DeliverySpans deliverySpans() {
    return null;
  }

  /** Nanoseconds since whenever, to measure by. */
  long nanoTime();

  /** Access control has decided about a client whose CONNECT came at {@code sinceNanos}. */
  void decided(long sinceNanos);

  /** A client is let in whose CONNECT came at {@code sinceNanos}. */
  void accepted(long sinceNanos);

  /** Wall clock, milliseconds since 1970. */
  long currentTimeMillis();

  /**
   * Who wants to own which session.
   *
   * @param clientId not empty
   * @param cleanStart drop an existing session
   * @param sessionExpirySeconds see {@link ConnectRequest}
   * @param receiveMaximum window of its deliveries
   * @param will absent if there is none
   * @param willOwner whose it is, for the time when it is published; absent with the will
   */
  record AttachRequest(
      String clientId,
      boolean cleanStart,
      long sessionExpirySeconds,
      int receiveMaximum,
      @Nullable Will will,
      @Nullable WillOwner willOwner) {}

  /** Answer to {@link #attach}. */
  interface AttachCallback extends SessionOwner {
    /**
     * The session is owned.
     *
     * @param expirySeconds how long it outlives the connection; null: as long as was asked
     */
    void attached(Session session, boolean sessionPresent, @Nullable Long expirySeconds);

    /** Nobody could give it, or say in time whether it may be given. */
    void unavailable();

    /** It is not given. */
    void refused(ReasonCode reason);
  }

  /** Answer to a publish. */
  interface PublishCallback {
    /** It is safe, or it was refused with an error code. */
    void published(ReasonCode reason);
  }
}
