package io.vmqtt.gateway.sessions;

import io.vmqtt.model.TopicFilter;

/** What this gateway has told routers of the subscriptions of its transient sessions. */
public interface Routes {

  /**
   * So many more, or fewer, sessions have a subscription.
   *
   * @return what {@link #whenApplied} is to wait for
   */
  long changed(TopicFilter filter, int more);

  /** Has {@code then} run, on any thread, when every router knows of the change. */
  void whenApplied(long version, Runnable then);
}
