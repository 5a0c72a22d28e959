package io.vmqtt.cluster.operation;

import java.util.List;

/**
 * Those whom one gateway holds off, in their order.
 *
 * @param more whether there are others behind the last one
 */
public record HeldOffPage(List<HeldOffInfo> heldOff, boolean more) {
  public HeldOffPage {
    heldOff = List.copyOf(heldOff);
  }
}
