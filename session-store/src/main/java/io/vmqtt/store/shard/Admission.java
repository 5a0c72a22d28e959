package io.vmqtt.store.shard;

import io.vmqtt.model.Namespace;
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
  private final Map<Place, Long> claimed = new HashMap<>();

  private record Place(Namespace namespace, Quota quota) {}

  /** What a command on its way will add. */
  private record Claim(Place place, long amount) {}

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
    Place place = new Place(namespace, Quota.SESSIONS);
    return take(attach, place, 1, state.load(namespace).sessions(), limit);
  }

  /** What makes a topic's message smaller, or deletes it, is always welcome. */
  private boolean admitsRetained(Command.Publish publish, ShardQuotas now) {
    String topic = publish.publication().topic();
    Namespace namespace = ScopedName.namespace(topic);
    long limit = now.limit(namespace, Quota.RETAINED_BYTES);
    if (limit == Quotas.UNLIMITED || publish.publication().empty()) {
      return true;
    }
    int more = publish.publication().bytes() - retained.of(topic);
    Place place = new Place(namespace, Quota.RETAINED_BYTES);
    return more <= 0 || take(publish, place, more, retained.of(namespace), limit);
  }

  private boolean take(Command command, Place place, long amount, long there, long limit) {
    if (there + claimed.getOrDefault(place, 0L) + amount > limit) {
      refusals.count(place.namespace(), place.quota());
      return false;
    }
    claims.put(command, new Claim(place, amount));
    claimed.merge(place, amount, Long::sum);
    return true;
  }

  /** A command has come out of the log. */
  void applied(Command command) {
    Claim claim = claims.isEmpty() ? null : claims.remove(command);
    if (claim != null) {
      claimed.merge(claim.place(), -claim.amount(), Long::sum);
    }
  }
}
