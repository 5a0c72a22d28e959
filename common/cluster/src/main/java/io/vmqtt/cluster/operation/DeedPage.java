package io.vmqtt.cluster.operation;

import java.util.List;

/**
 * Deeds that one registry knows of, the latest first.
 *
 * @param more whether there are others behind the last one
 */
public record DeedPage(List<Deed> deeds, boolean more) {
  public DeedPage {
    deeds = List.copyOf(deeds);
  }
}
