package io.vmqtt.cluster.operation;

import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicFilter;
import java.util.List;

/**
 * What of the messages that are published somebody wants to hear.
 *
 * @param namespace of all filters; empty: the nameless one
 * @param filters of topics, without share groups
 * @param qos the highest at which messages come, 0 to 2
 * @param retained whether what is retained under the filters comes first
 * @param payloads whether what messages say is wanted, their properties among that
 */
public record MessageQuery(
    String namespace, List<String> filters, int qos, boolean retained, boolean payloads) {
  /** So many filters at most. */
  public static final int MOST_FILTERS = 100;

  /**
   * Checks all of it.
   *
   * @throws IllegalArgumentException if a filter is none, or there are too few or too many
   */
  public MessageQuery {
    filters = List.copyOf(filters);
    if (filters.isEmpty() || filters.size() > MOST_FILTERS) {
      throw new IllegalArgumentException(
          "1 to " + MOST_FILTERS + " filters at once, not " + filters.size());
    }
    for (String filter : filters) {
      if (TopicFilter.parse(filter).isShared()) {
        throw new IllegalArgumentException(
            "'" + filter + "' would take messages from the members of a share group");
      }
    }
    Qos.of(qos);
  }
}
