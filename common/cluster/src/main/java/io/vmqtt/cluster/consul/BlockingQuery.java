package io.vmqtt.cluster.consul;

import com.ecwid.consul.v1.ConsulClient;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.Response;

/** A question that Consul can hold back until its answer changes. */
@FunctionalInterface
public interface BlockingQuery<T> {
  /**
   * Asks once.
   *
   * @param params to be passed on as they are: they say which answer is known already
   */
  Response<T> ask(ConsulClient client, QueryParams params);
}
