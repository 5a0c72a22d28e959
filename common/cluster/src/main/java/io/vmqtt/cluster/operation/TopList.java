package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;

/**
 * What was busiest at one gateway while it counted, the busiest first. Counts of what passes may be
 * a little too high, never too low: only so many names are kept.
 *
 * @param millis how long it counted
 * @param topics publishes by topic
 * @param senders publishes by client
 * @param receivers bytes to each client
 * @param waiting bytes that wait for each client at the end
 * @param flapping how often each client has connected in the last one to two minutes, of those that
 *     did so more than once; never too high
 * @param losses what came to nothing in that time, by reason and client; never too high
 */
public record TopList(
    long millis,
    List<Item> topics,
    List<Item> senders,
    List<Item> receivers,
    List<Item> waiting,
    List<Item> flapping,
    List<Loss> losses) {
  /** Of each kind, no more are told. */
  public static final int MOST = 100;

  /** A gateway of an earlier version tells only of what passes. */
  public TopList {
    flapping = Objects.requireNonNullElse(flapping, List.of());
    losses = Objects.requireNonNullElse(losses, List.of());
  }

  /**
   * What is counted.
   *
   * @param namespace empty: the nameless one
   * @param text a topic, or a client id
   */
  public record Name(String namespace, String text) {}

  /**
   * What came to nothing.
   *
   * @param reason one word, such as {@code publish-denied}
   * @param name the client id
   */
  @JsonInclude
  public record Loss(String reason, String namespace, String name, long count) {}

  /**
   * One of them.
   *
   * @param namespace empty: the nameless one
   * @param name a topic, or a client id
   */
  @JsonInclude
  public record Item(String namespace, String name, long count) {}
}
