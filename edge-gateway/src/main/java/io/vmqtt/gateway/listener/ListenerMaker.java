package io.vmqtt.gateway.listener;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.quota.NamespaceUses;
import io.vmqtt.gateway.transport.TransportHead;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes listeners of what is said of them. Used by one thread at a time. */
final class ListenerMaker implements AutoCloseable {
  private final Accesses accesses;
  private final LiveBans bans;
  private final NamespaceUses uses;
  private final MeterRegistry registry;
  private final TransportHeads heads;
  private final Listeners all;

  ListenerMaker(
      GatewayConfig config,
      Accesses accesses,
      LiveBans bans,
      NamespaceUses uses,
      MeterRegistry registry,
      Listeners all) {
    this.accesses = accesses;
    this.bans = bans;
    this.uses = uses;
    this.registry = registry;
    this.heads = new TransportHeads(config, registry, accesses::tell);
    this.all = all;
  }

  /**
   * One that does not listen yet.
   *
   * @param before the one whose place it takes; null: none
   * @throws IOException if it cannot be; the message says why
   */
  Listener make(ListenerConfig config, @Nullable Listener before) throws IOException {
    Access access = accesses.of(config);
    ListenerMetrics metrics =
        before == null ? new ListenerMetrics(registry, config.name()) : before.metrics();
    Doorkeeper doorkeeper = new Doorkeeper(bans, config.rates(), metrics, System::nanoTime);
    TransportHead head = heads.head(config, doorkeeper);
    return new Listener(config, head, doorkeeper, access, uses, all, metrics);
  }

  /**
   * Makes something else hold at a listener.
   *
   * @return what nobody comes by any more; null: clients come as before
   * @throws IOException if that cannot be; the message says why, and nothing has changed
   */
  @Nullable TransportHead change(Listener listener, ListenerConfig config) throws IOException {
    Access access = accesses.of(config);
    TransportHead head = listener.head();
    boolean asBefore = config.transport().equals(listener.config().transport());
    listener.change(config, asBefore ? head : heads.head(config, listener.doorkeeper()), access);
    return asBefore ? null : head;
  }

  /** There is none of that name any more. */
  void forget(String name) {
    ListenerMetrics.forget(registry, name);
  }

  /** Until when the certificate of a listener is good; null: it has none. From any thread. */
  @Nullable Instant notAfter(String listener) {
    return heads.notAfter(listener);
  }

  /** Others get to know of a change. */
  void tell(Change change) {
    accesses.tell(change);
  }

  /** Forgets access control that none of these needs; what is returned lets it go. */
  List<Runnable> keepOnly(Collection<ListenerConfig> listeners) {
    return accesses.keepOnly(listeners);
  }

  /** No more connections come, and none is left. */
  @Override
  public void close() {
    heads.close();
  }
}
