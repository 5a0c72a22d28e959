package io.vmqtt.router.routes;

/**
 * What a route is about.
 *
 * @param filter topic filter, without the share prefix
 * @param shareGroup name of the share group; empty for ordinary subscriptions
 */
public record RouteKey(String filter, String shareGroup) {

  boolean isShared() {
    return !shareGroup.isEmpty();
  }
}
