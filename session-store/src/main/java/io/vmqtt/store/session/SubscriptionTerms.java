package io.vmqtt.store.session;

import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of a session.
 *
 * @param filter what topics, and the share group
 * @param maximumQos highest quality of service of its deliveries
 * @param noLocal the client's own messages are not sent back to it [MQTT-3.8.3-3]
 * @param retainAsPublished deliveries keep the RETAIN flag of the publish
 * @param identifier what deliveries carry; 0: none
 */
public record SubscriptionTerms(
    TopicFilter filter,
    Qos maximumQos,
    boolean noLocal,
    boolean retainAsPublished,
    int identifier) {

  /**
   * The same, in the words of somebody who subscribes to the same filter: the filters of a fleet
   * are those of many clients, and each text is in the heap once.
   */
  SubscriptionTerms like(@Nullable Subscriber other) {
    if (other == null) {
      return this;
    }
    SubscriptionTerms theirs = other.terms();
    return equals(theirs)
        ? theirs
        : new SubscriptionTerms(theirs.filter, maximumQos, noLocal, retainAsPublished, identifier);
  }
}
