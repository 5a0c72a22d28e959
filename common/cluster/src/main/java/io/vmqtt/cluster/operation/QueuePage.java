package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a queue, the oldest first. They stay where they are.
 *
 * @param leads whether the store leads the shard of that client id; else it says nothing
 * @param exists whether there is such a session
 * @param next the sequence from which on there may be others; null: there are none
 */
@JsonInclude
public record QueuePage(
    boolean leads, boolean exists, List<QueuedMessage> messages, @Nullable Long next) {
  public QueuePage {
    messages = List.copyOf(messages);
  }

  /**
   * One of them.
   *
   * @param sequence its place in the queue
   * @param qos of its delivery
   * @param message null: the client has it, and its release alone is left [MQTT-4.3.3]
   */
  @JsonInclude
  public record QueuedMessage(long sequence, int qos, @Nullable MessageInfo message) {}
}
