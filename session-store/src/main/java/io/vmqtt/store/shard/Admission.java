package io.vmqtt.store.shard;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import io.vmqtt.model.ScopedName;
import io.vmqtt.store.leading.NamespaceRefusals;
import io.vmqtt.store.leading.ShardQuotas;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.ShardState;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keeps namespaces within their sessions and retained bytes: whoever leads decides, before a
 * command gets into the log, so that replicas need not have heard of the same quotas. What is on
 * its way into the log counts as if it were there. Part of a leadership; used on the shard's
 * thread.
 */
final class Admission {
  private final ShardState state;
  private final RetainedUse retained;
  private final Supplier<ShardQuotas> quotas;
  private final NamespaceRefusals refusals;
  private final IdentityHashMap<Command, Claim> claims = new IdentityHashMap<>();

  /** What is claimed in all. */
  private final Map<Place, Long> byPlace = new HashMap<>();

  /** What is claimed for each client id or topic: copies of a command claim once. */
  private final Map<Name, Long> byName = new HashMap<>();

  private record Place(Namespace namespace, Quota quota) {}

  private record Name(Quota quota, String of) {}

  /** What a command on its way will add. */
  private record Claim(Place place, Name name, long amount) {
    static Claim of(Namespace namespace, Quota quota, String name, long amount) {
      return new Claim(new Place(namespace, quota), new Name(quota, name), amount);
    }
  }

  Admission(
      ShardState state,
      RetainedUse retained,
      Supplier<ShardQuotas> quotas,
      NamespaceRefusals refusals) {
    this.state = state;
    this.retained = retained;
    this.quotas = quotas;
    this.refusals = refusals;
  }

  /** Whether a command may go into the log. */
  boolean admits(Command command) {
    ShardQuotas now = quotas.get();
    if (now.named().isEmpty()) {
      return true;
    }
    if (command instanceof Command.Attach attach) {
      return admitsSession(attach, now);
    }
    return !(command instanceof Command.Publish publish)
        || !publish.keep()
        || admitsRetained(publish, now);
  }

  /** Whoever has a session comes back to it, however many there are. */
  private boolean admitsSession(Command.Attach attach, ShardQuotas now) {
    Namespace namespace = ScopedName.namespace(attach.clientId());
    long limit = now.limit(namespace, Quota.SESSIONS);
    if (limit == Quotas.UNLIMITED || state.sessionOf(attach.clientId()) != null) {
      return true;
    }
    Claim claim = Claim.of(namespace, Quota.SESSIONS, attach.clientId(), 1);
    return take(attach, claim, state.load(namespace).sessions(), limit);
  }

  /**
   * What makes a topic's message smaller, or deletes it, is always welcome; what comes again is as
   * welcome as it was.
   */
  private boolean admitsRetained(Command.Publish publish, ShardQuotas now) {
    String topic = publish.publication().topic();
    Namespace namespace = ScopedName.namespace(topic);
    long limit = now.limit(namespace, Quota.RETAINED_BYTES);
    if (limit == Quotas.UNLIMITED || publish.publication().empty() || isDone(publish)) {
      return true;
    }
    int more = publish.publication().bytes() - retained.of(topic);
    Claim claim = Claim.of(namespace, Quota.RETAINED_BYTES, topic, more);
    return take(publish, claim, retained.of(namespace), limit);
  }

  private boolean isDone(Command.Publish publish) {
    PublishKey key = publish.deliver() ? publish.key() : publish.retainingKey();
    return key != null && state.hasSeen(key.producer(), key.epoch(), key.sequence());
  }

  private boolean take(Command command, Claim wanted, long there, long limit) {
    long more = wanted.amount() - byName.getOrDefault(wanted.name(), 0L);
    if (more <= 0) {
      return true;
    }
    if (there + byPlace.getOrDefault(wanted.place(), 0L) + more > limit) {
      refusals.count(wanted.place().namespace(), wanted.place().quota());
      return false;
    }
    Claim taken = new Claim(wanted.place(), wanted.name(), more);
    claims.put(command, taken);
    count(taken, more);
    return true;
  }

  /** A command has come out of the log. */
  void applied(Command command) {
    Claim claim = claims.isEmpty() ? null : claims.remove(command);
    if (claim != null) {
      count(claim, -claim.amount());
    }
  }

  private void count(Claim claim, long more) {
    byPlace.merge(claim.place(), more, Admission::sum);
    byName.merge(claim.name(), more, Admission::sum);
  }

  @SuppressWarnings("NullAway") // null takes the entry out of the map
  private static Long sum(Long amount, Long more) {
    return amount + more == 0 ? null : amount + more;
  }
}
