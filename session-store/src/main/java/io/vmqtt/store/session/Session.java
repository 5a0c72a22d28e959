package io.vmqtt.store.session;

import io.vmqtt.model.ClientId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session with all it has in the heap. Changed by {@link ShardState} only; used on the thread of
 * its shard.
 */
public final class Session {
  /**
   * So many deliveries that expired unsent may be passed over before they have left the queue. With
   * that, and the receive maximum, it is known how far the sending can have come.
   */
  public static final int MAX_PASSED_OVER = 512;

  private final long publisherHash;
  private final SubscriberList subscriptions = new SubscriberList();

  /** Null: it never published at QoS 2, as most. */
  private @Nullable Map<Integer, Long> inbound;

  private final NamespaceLoad load;
  private final Backlog backlog;
  private final PacketIds packetIds;
  private SessionHeader header;
  private long lastSequence;
  private long lastInbound;
  private long dropped;

  Session(SessionHeader header, NamespaceLoad load) {
    this.header = header;
    this.load = load;
    this.backlog = new Backlog(load);
    this.packetIds = new PacketIds(backlog);
    this.publisherHash = ClientId.hash64(header.clientId());
  }

  public SessionHeader header() {
    return header;
  }

  public long number() {
    return header.number();
  }

  /** What the shard keeps of its namespace, this session included. */
  public NamespaceLoad load() {
    return load;
  }

  /** What its queue holds. */
  public Backlog backlog() {
    return backlog;
  }

  /** Which packet ids its deliveries have. */
  public PacketIds packetIds() {
    return packetIds;
  }

  /**
   * Deliveries behind this sequence have not begun: nothing of them can have been sent. What has
   * begun goes on until the client acknowledges it: it neither expires nor gives way to others
   * [MQTT-4.4.0-1].
   */
  public long begunThrough() {
    int underWay = header.receiveMaximum() + MAX_PASSED_OVER;
    return header.attached()
        ? Math.max(header.sentThrough(), backlog.nth(underWay))
        : header.sentThrough();
  }

  /** The highest sequence that a message of its queue ever had. */
  public long lastSequence() {
    return lastSequence;
  }

  /** The highest sequence that an inbound publish of QoS 2 ever had. */
  public long lastInbound() {
    return lastInbound;
  }

  /** How many messages it has lost because its queue was full. */
  public long dropped() {
    return dropped;
  }

  /** Whether the publish came from this client. */
  boolean published(Publication publication) {
    return publication.publisher() != 0 && publication.publisher() == publisherHash;
  }

  /** The filters it subscribes to, as the client wrote them. */
  public Collection<String> filterTexts() {
    return subscriptions.filterTexts();
  }

  /** How many those are. */
  public int subscriptionCount() {
    return subscriptions.size();
  }

  /** What it subscribes to. */
  public List<SubscriptionTerms> terms() {
    return subscriptions.all().stream().map(Subscriber::terms).toList();
  }

  /** The packet ids of inbound publishes of QoS 2 that are open. */
  public Collection<Integer> openPacketIds() {
    return inbound == null ? List.of() : Collections.unmodifiableCollection(inbound.keySet());
  }

  Collection<Subscriber> subscriptions() {
    return subscriptions.all();
  }

  @Nullable Subscriber subscription(String filterText) {
    return subscriptions.get(filterText);
  }

  void subscribe(Subscriber subscriber) {
    subscriptions.put(subscriber);
  }

  @Nullable Subscriber unsubscribe(String filterText) {
    return subscriptions.remove(filterText);
  }

  /** The key sequence of an open packet id, or null. */
  @Nullable Long inbound(int packetId) {
    return inbound == null ? null : inbound.get(packetId);
  }

  int openInbound() {
    return inbound == null ? 0 : inbound.size();
  }

  /** The lowest key sequence that is still open, or the next one. */
  long inboundLowWater() {
    long lowest = lastInbound + 1;
    if (inbound != null) {
      for (long sequence : inbound.values()) {
        lowest = Math.min(lowest, sequence);
      }
    }
    return lowest;
  }

  void openInbound(int packetId, long sequence) {
    if (inbound == null) {
      inbound = new HashMap<>();
    }
    inbound.put(packetId, sequence);
    lastInbound = Math.max(lastInbound, sequence);
  }

  void closeInbound(int packetId) {
    if (inbound != null) {
      inbound.remove(packetId);
    }
  }

  void header(SessionHeader newHeader) {
    header = newHeader;
  }

  void sequenceUsed(long sequence) {
    lastSequence = Math.max(lastSequence, sequence);
  }

  void dropped(long messages) {
    dropped += messages;
  }

  void inboundUsed(long sequence) {
    lastInbound = Math.max(lastInbound, sequence);
  }
}
