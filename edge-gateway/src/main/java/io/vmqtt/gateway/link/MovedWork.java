package io.vmqtt.gateway.link;

import io.vmqtt.proto.routing.v1.Moved;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a lane gives to other routers: those that had it are told not to bring it home any more. */
final class MovedWork {
  private final Map<RouterPeer, Moved.Builder> byRouter = new LinkedHashMap<>();

  /** What is taken from this router. */
  Moved.Builder from(RouterPeer router) {
    return byRouter.computeIfAbsent(router, absent -> Moved.newBuilder());
  }

  /** Tells every router; it leaves with the lane's next flush. */
  void tell(int lane) {
    byRouter.forEach((router, moved) -> router.add(lane, moved));
  }
}
