package io.vmqtt.gateway.trace;

import io.vmqtt.cluster.operation.TopList;
import io.vmqtt.cluster.operation.TopList.Name;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.jspecify.annotations.Nullable;

/**
 * What passes between one event loop and its clients, counted by topic and client: of many names
 * only the frequent ones are kept, in memory that does not grow with them. Confined to the event
 * loop until it is over.
 */
public final class Tally {
  /** Names of each kind; the rarest give way. */
  private static final int MOST_NAMES = 2_048;

  private final ItemsSketch<Name> topics = new ItemsSketch<>(MOST_NAMES);
  private final ItemsSketch<Name> senders = new ItemsSketch<>(MOST_NAMES);
  private final ItemsSketch<Name> receivers = new ItemsSketch<>(MOST_NAMES);
  private volatile boolean over;

  void published(Name topic, Name sender) {
    topics.update(topic);
    senders.update(sender);
  }

  void sent(Name receiver, int bytes) {
    if (bytes > 0) {
      receivers.update(receiver, bytes);
    }
  }

  /** Nothing more is counted. From any thread. */
  public void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  /** Takes over what another has counted; both are over. */
  public void add(Tally other) {
    topics.merge(other.topics);
    senders.merge(other.senders);
    receivers.merge(other.receivers);
  }

  /**
   * The busiest of each kind.
   *
   * @param millis how long it was counted
   * @param waiting what waits for clients, in any order
   * @param recent what was counted before, too
   * @param namespace the one that is of interest; null: all
   */
  public TopList list(
      long millis, List<TopList.Item> waiting, Incidents.Sum recent, @Nullable String namespace) {
    return new TopList(
        millis,
        most(topics, namespace),
        most(senders, namespace),
        most(receivers, namespace),
        waiting.stream()
            .filter(one -> isWithin(namespace, one.namespace()))
            .sorted(Comparator.comparingLong(TopList.Item::count).reversed())
            .limit(TopList.MOST)
            .toList(),
        recent.flapping(namespace),
        recent.losses(namespace));
  }

  private static boolean isWithin(@Nullable String wanted, String namespace) {
    return wanted == null || wanted.equals(namespace);
  }

  private static List<TopList.Item> most(ItemsSketch<Name> sketch, @Nullable String namespace) {
    return Arrays.stream(sketch.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES))
        .filter(row -> isWithin(namespace, row.getItem().namespace()))
        .limit(TopList.MOST)
        .map(
            row ->
                new TopList.Item(
                    row.getItem().namespace(), row.getItem().text(), row.getEstimate()))
        .toList();
  }
}
