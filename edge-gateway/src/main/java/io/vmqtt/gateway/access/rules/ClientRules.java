package io.vmqtt.gateway.access.rules;

import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Subscription;
import java.util.concurrent.CompletableFuture;

/**
 * The rules as they are for one client, which remembers what it was told of a few topics. Confined
 * to the thread of its connection.
 */
public final class ClientRules implements Authorizer {
  private final CompiledRules rules;
  private final Subject subject;
  private final RecentPublishes recent = new RecentPublishes();

  /** The same of what the client receives: each of one kind. */
  private final RecentPublishes received = new RecentPublishes();

  ClientRules(CompiledRules rules, Identity who) {
    this.rules = rules;
    this.subject = new Subject(who);
  }

  /** Whether the client may publish to a topic, and which rule says so. */
  public Decision publish(String topic, Qos qos, boolean retain) {
    return rules.publish(subject, topic, qos, retain);
  }

  /** Whether the client may subscribe, and which rule says so. */
  public Decision subscribe(Subscription wanted) {
    return rules.subscribe(subject, wanted);
  }

  @Override
  public long work() {
    return subject.steps();
  }

  @Override
  public CompletableFuture<Permission> authorizeWill(Identity who, Message will) {
    return permission(publish(will.topic(), will.qos(), will.retain()).isAllowed());
  }

  @Override
  public boolean goesByOwnRules(Message will) {
    return publish(will.topic(), will.qos(), will.retain()).isOwn();
  }

  @Override
  public CompletableFuture<Permission> authorizePublish(Identity who, Message message) {
    Boolean known = recent.find(message.topic(), message.qos(), message.retain());
    if (known == null) {
      known = publish(message.topic(), message.qos(), message.retain()).isAllowed();
      recent.add(message.topic(), message.qos(), message.retain(), known);
    }
    return permission(known);
  }

  @Override
  public CompletableFuture<Permission> authorizeSubscribe(Identity who, Subscription wanted) {
    return permission(subscribe(wanted).isAllowed());
  }

  @Override
  public boolean mayReceive(String topic) {
    Boolean known = received.find(topic, Qos.AT_MOST_ONCE, false);
    if (known == null) {
      known = rules.mayReceive(subject, topic);
      received.add(topic, Qos.AT_MOST_ONCE, false, known);
    }
    return known;
  }

  @Override
  public String ruleAgainst(Message message) {
    return publish(message.topic(), message.qos(), message.retain()).text();
  }

  @Override
  public String ruleAgainst(Subscription wanted) {
    return subscribe(wanted).text();
  }

  @Override
  public Verdict verdictOn(Message message) {
    Decision decision = publish(message.topic(), message.qos(), message.retain());
    return new Verdict(decision.isAllowed(), decision.text());
  }

  private static CompletableFuture<Permission> permission(boolean allowed) {
    return (allowed ? Permission.GRANTED : Permission.DENIED).known();
  }
}
