package io.vmqtt.cluster.operation;

import java.util.List;

/**
 * Clients of one gateway, in their order.
 *
 * @param more whether there are others behind the last one
 */
public record ClientPage(List<ClientInfo> clients, boolean more) {
  public ClientPage {
    clients = List.copyOf(clients);
  }
}
