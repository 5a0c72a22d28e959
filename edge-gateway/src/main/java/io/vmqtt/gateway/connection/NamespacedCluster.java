package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.ClientId;
import io.vmqtt.model.Message;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.TopicFilter;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as a client with a namespace sees it: its names are {@linkplain ScopedName scoped} on
 * their way in. On their way out messages are encoded under the names that clients know.
 */
final class NamespacedCluster implements Cluster {
  private final Cluster cluster;
  private final Namespace namespace;
  private final String clientId;
  private final long publisher;

  private NamespacedCluster(Cluster cluster, Identity client) {
    this.cluster = cluster;
    this.namespace = client.namespace();
    this.clientId = ScopedName.of(namespace, client.clientId());
    this.publisher = ClientId.hash64(clientId);
  }

  /** The cluster for a client; without a namespace it is the cluster itself. */
  static Cluster of(Cluster cluster, Identity client) {
    return client.namespace().isNameless() ? cluster : new NamespacedCluster(cluster, client);
  }

  Message scoped(Message message) {
    return message
        .withTopic(ScopedName.of(namespace, message.topic()))
        .withPublisher(message.publisher() == 0 ? 0 : publisher);
  }

  TopicFilter scoped(TopicFilter filter) {
    return ScopedName.of(namespace, filter);
  }

  @Override
  public void attach(AttachRequest request, AttachCallback callback) {
    Will will = request.will();
    cluster.attach(
        new AttachRequest(
            clientId,
            request.cleanStart(),
            request.sessionExpirySeconds(),
            request.receiveMaximum(),
            will == null ? null : will.with(scoped(will.message())),
            request.willOwner()),
        callback);
  }

  @Override
  public void publish(Message message) {
    cluster.publish(scoped(message));
  }

  @Override
  public void publish(Message message, @Nullable PublishKey key, PublishCallback callback) {
    cluster.publish(scoped(message), key, callback);
  }

  @Override
  public boolean isAvailable() {
    return cluster.isAvailable();
  }

  @Override
  public void missed(Missed what, Identity who, int times) {
    cluster.missed(what, who, times);
  }

  @Override
  public void beyond(Bound bound) {
    cluster.beyond(bound);
  }

  @Override
  public void accessFailed(CompletableFuture<?> answer) {
    cluster.accessFailed(answer);
  }

  @Override
  public @Nullable DeliverySpans deliverySpans() {
    return cluster.deliverySpans();
  }

  @Override
  public LoopMemory memory() {
    return cluster.memory();
  }

  @Override
  public long nanoTime() {
    return cluster.nanoTime();
  }

  @Override
  public void decided(long sinceNanos) {
    cluster.decided(sinceNanos);
  }

  @Override
  public void accepted(long sinceNanos) {
    cluster.accepted(sinceNanos);
  }

  @Override
  public long currentTimeMillis() {
    return cluster.currentTimeMillis();
  }

  @Override
  public void execute(Runnable task) {
    cluster.execute(task);
  }
}
