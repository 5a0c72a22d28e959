package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What was busiest at one gateway while it counted, the busiest first. Counts of what passes may be
 * a little too high, never too low: only so many names are kept.
 *
 * @param millis how long it counted
 * @param topics publishes by topic
 * @param senders publishes by client
 * @param receivers bytes to each client
 * @param waiting bytes that wait for each client at the end
 */
public record TopList(
    long millis, List<Item> topics, List<Item> senders, List<Item> receivers, List<Item> waiting) {
  /** Of each kind, no more are told. */
  public static final int MOST = 100;

  /**
   * What is counted.
   *
   * @param namespace empty: the nameless one
   * @param text a topic, or a client id
   */
  public record Name(String namespace, String text) {}

  /**
   * One of them.
   *
   * @param namespace empty: the nameless one
   * @param name a topic, or a client id
   */
  @JsonInclude
  public record Item(String namespace, String name, long count) {}
}
