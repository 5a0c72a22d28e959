package io.vmqtt.gateway.sessions;

import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.Cluster;
import io.vmqtt.model.Message;
import io.vmqtt.model.TopicFilter;
import java.util.List;

/** The event loop that sessions live on, as they see it. */
public interface SessionLane extends Cluster {

  /** Its number. */
  int index();

  /** How many shards the cluster has. */
  int shardCount();

  /** The latest of what this gateway says under {@code $SYS}, as far as a subscription has it. */
  List<Message> systemMessages(TopicFilter filter);

  /** Makes a message ready for clients. */
  Outgoing outgoing(Message message);

  /** Numbers what is published in the name of this gateway at QoS 2, until it is answered. */
  KeySource exactlyOnce();

  /** Has {@code flush} run once when this run of the loop ends. */
  void flushAtEnd(Runnable flush);

  /** Counts a message for a client, and whether it got it. */
  void countDelivery(boolean delivered);

  /** Counts a client that was disconnected because too much waited for it. */
  void countSlowClient();
}
