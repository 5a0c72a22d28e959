package io.vmqtt.store.operation;

import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.operation.ClientName;
import io.vmqtt.cluster.operation.SessionInfo;
import io.vmqtt.cluster.operation.SessionQuery;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.SessionHeader;
import java.time.Instant;
import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The lowest of the sessions that are shown to it and wanted, as many as are asked for and one
 * more: that tells whether there are others. Confined to the thread of one shard until all were
 * shown.
 */
final class LowestSessions {
  private final int shard;
  private final SessionQuery query;
  private final @Nullable NamePattern clientId;
  private final TreeMap<ClientName, SessionInfo> lowest = new TreeMap<>();

  /** None yet, of a shard. */
  LowestSessions(int shard, SessionQuery query) {
    this.shard = shard;
    this.query = query;
    String pattern = query.filter().clientId();
    this.clientId = pattern == null ? null : new NamePattern(pattern);
  }

  void look(Session session) {
    ClientName name = ClientName.of(session.header().clientId());
    ClientName after = query.after();
    if ((after != null && name.compareTo(after) <= 0)
        || (lowest.size() > query.limit() && name.compareTo(lowest.lastKey()) >= 0)
        || !isWanted(name, session)) {
      return;
    }
    lowest.put(name, info(shard, name, session));
    if (lowest.size() > query.limit() + 1) {
      lowest.pollLastEntry();
    }
  }

  private boolean isWanted(ClientName name, Session session) {
    SessionQuery.SessionFilter filter = query.filter();
    Boolean attached = filter.attached();
    Boolean persistent = filter.persistent();
    Integer minQueued = filter.minQueued();
    return (filter.namespace() == null || filter.namespace().equals(name.namespace()))
        && (clientId == null || clientId.matches(name.clientId()))
        && (attached == null || attached == session.header().attached())
        && (persistent == null || persistent == session.header().persistent())
        && (minQueued == null || session.backlog().size() >= minQueued);
  }

  Collection<SessionInfo> all() {
    return lowest.values();
  }

  static SessionInfo info(int shard, ClientName name, Session session) {
    SessionHeader header = session.header();
    return new SessionInfo(
        name.namespace(),
        name.clientId(),
        shard,
        header.attached(),
        Long.toUnsignedString(header.gateway()),
        header.epoch(),
        header.persistent(),
        header.expirySeconds(),
        header.attached() ? null : Instant.ofEpochMilli(header.detachedAtMillis()).toString(),
        session.subscriptionCount(),
        session.backlog().size(),
        session.backlog().totalBytes(),
        session.dropped(),
        session.openPacketIds().size(),
        header.receiveMaximum(),
        header.will() != null);
  }
}
