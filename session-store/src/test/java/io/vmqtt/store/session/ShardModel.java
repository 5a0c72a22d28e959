package io.vmqtt.store.session;

import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A shard without log and disk: commands are decided and applied at once. */
final class ShardModel {
  static final QueueLimits LIMITS =
      new QueueLimits(5, 10_000, QueueLimits.Overflow.REJECT_NEW, 1_000_000);

  record Text(String text) implements Content {}

  final ShardState state = new ShardState(1);
  final List<Long> released = new ArrayList<>();
  long nowMillis = 1_000_000;
  private final ShardRules rules;

  ShardModel() {
    this(LIMITS);
  }

  ShardModel(QueueLimits limits) {
    rules = new ShardRules(3, state, limits);
  }

  Decision run(Command command) {
    Decision decision = rules.decide(command, nowMillis);
    decision.changes().forEach(change -> state.apply(change, released::add));
    return decision;
  }

  <R extends Reply> R ask(Class<R> type, Command command) {
    return type.cast(run(command).reply());
  }

  static Publication message(String topic, int qos) {
    return new Publication(topic, Qos.of(qos), false, false, 0, 0, 100, new Text(topic));
  }

  static Command.Publish publish(Publication publication) {
    return new Command.Publish(publication, null, true, false, List.of());
  }

  static Command.Publish publish(String topic, int qos) {
    return publish(message(topic, qos));
  }

  static Command.Attach attach(String clientId, long connection) {
    return attach(clientId, connection, false, 3600, null);
  }

  static Command.Attach attach(
      String clientId, long connection, boolean clean, long expirySeconds, @Nullable Will will) {
    return new Command.Attach(clientId, 7, connection, clean, expirySeconds, 10, will, null);
  }

  static Will will(long delaySeconds) {
    return new Will(message("will", 1), delaySeconds, 0, null);
  }

  static SubscriptionTerms terms(String filter, int qos) {
    return terms(filter, qos, 0);
  }

  static SubscriptionTerms terms(String filter, int qos, int identifier) {
    return new SubscriptionTerms(TopicFilter.parse(filter), Qos.of(qos), false, false, identifier);
  }

  Reply.Attached attached(String clientId, long connection, String... filters) {
    Reply.Attached attached = ask(Reply.Attached.class, attach(clientId, connection));
    for (String filter : filters) {
      subscribe(attached, terms(filter, 2));
    }
    return attached;
  }

  Reply.Subscribed subscribe(Reply.Attached session, SubscriptionTerms... terms) {
    return ask(
        Reply.Subscribed.class,
        new Command.Subscribe(session.session(), session.epoch(), List.of(terms)));
  }

  void detach(Reply.Attached session, boolean normal, long sentThrough) {
    run(new Command.Detach(session.session(), session.epoch(), normal, null, sentThrough));
  }

  Session session(Reply.Attached attached) {
    Session session = state.session(attached.session());
    if (session == null) {
      throw new IllegalStateException("no session " + attached.session());
    }
    return session;
  }

  static List<Change.Queued> queued(Decision decision) {
    return decision.changes().stream()
        .filter(Change.Queued.class::isInstance)
        .map(Change.Queued.class::cast)
        .toList();
  }
}
