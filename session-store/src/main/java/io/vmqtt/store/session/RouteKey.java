package io.vmqtt.store.session;

import io.vmqtt.model.TopicFilter;

/**
 * What a shard asks of the routers: a filter, and the share group it is served in.
 *
 * @param filter without {@code $share/{group}/}
 * @param group empty: an ordinary subscription
 */
public record RouteKey(String filter, String group) {

  static RouteKey of(TopicFilter filter) {
    String group = filter.shareGroup();
    return new RouteKey(filter.filter(), group == null ? "" : group);
  }
}
