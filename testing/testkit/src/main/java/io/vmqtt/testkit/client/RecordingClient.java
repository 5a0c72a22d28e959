package io.vmqtt.testkit.client;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An MQTT client that keeps everything it receives. Methods that talk to the broker wait for its
 * answer, at most {@link #PATIENCE}, and throw an {@link AssertionError} where there is none. May
 * connect again after it was disconnected: its session state, such as packet ids at QoS 2, stays.
 */
public interface RecordingClient extends AutoCloseable {
  Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Connects.
   *
   * @return session present
   * @throws ConnectRefusedException if the broker answers that it will not
   */
  boolean connect();

  /** Subscribes to one filter. */
  void subscribe(String filter, int qos);

  /** Takes back the subscription to one filter. */
  void unsubscribe(String filter);

  /**
   * Publishes.
   *
   * @param payload one character for each byte (ISO-8859-1)
   * @return done at the broker's acknowledgement; at QoS 0, once it was sent
   */
  CompletableFuture<Void> publishAsync(String topic, String payload, int qos, boolean retained);

  /** Publishes and waits for the acknowledgement. */
  default void publish(String topic, String payload, int qos, boolean retained) {
    Answers.await(
        publishAsync(topic, payload, qos, retained),
        "the acknowledgement of a publish to " + topic);
  }

  /** Publishes, not retained, and waits for the acknowledgement. */
  default void publish(String topic, String payload, int qos) {
    publish(topic, payload, qos, false);
  }

  /** What it received. */
  Inbox inbox();

  /**
   * Waits until the broker has ended the connection.
   *
   * @return the reason code of its DISCONNECT; empty if there was none
   */
  OptionalInt awaitDisconnected();

  /** Whether the connection that began last is over. */
  boolean hasLostConnection();

  /**
   * Has somebody told of every connection and its end, in words: for a history. Clients that do not
   * return by themselves need not tell what their caller knows.
   */
  default void onConnection(Consumer<String> listener) {}

  /** How often it has been connected, returns by itself included. */
  int connections();

  /** Says goodbye with DISCONNECT. */
  void disconnect();

  /** Gives the library's resources back, whatever the state. */
  @Override
  void close();
}
