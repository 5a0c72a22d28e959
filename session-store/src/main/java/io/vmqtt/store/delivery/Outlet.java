package io.vmqtt.store.delivery;

import io.vmqtt.model.Delivery;
import io.vmqtt.store.session.Publication;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way to gateways. */
public interface Outlet {

  /** True while pushes should wait; a call of {@link Deliveries#writable} follows. */
  boolean congested();

  /**
   * Pushes a message to connections of one gateway.
   *
   * @param gateway process number
   * @param publication null if every target is a release
   */
  void push(long gateway, @Nullable Publication publication, List<Target> targets);

  /**
   * One connection that gets a message.
   *
   * @param connection the gateway's number of it
   * @param sequence queue sequence; 0 at QoS 0
   * @param skipped how many sequences right before it are not for the connection
   * @param packetId which every redelivery has again; 0 at QoS 0
   * @param delivery what to show
   * @param dup whether it may have been sent before
   * @param release the client has it: PUBREL, not PUBLISH
   */
  record Target(
      long connection,
      long sequence,
      long skipped,
      int packetId,
      Delivery delivery,
      boolean dup,
      boolean release) {}
}
