package io.vmqtt.cluster.wire;

import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.vmqtt.cluster.discovery.Node;

/** How to reach the gRPC services of a node: {@link #IN_PROCESS} or {@link NetworkTransport}. */
public interface Channels {
  /**
   * Links bound their batches themselves; a single frame may be larger than a batch, as large as
   * the largest packet of a client and its properties.
   */
  int MAX_MESSAGE_BYTES = 64 << 20;

  /** HTTP/2 window of a stream: several batches, so that a link never waits for the transport. */
  int FLOW_CONTROL_WINDOW_BYTES = 4 << 20;

  /** Within the process: servers are named by node id. Messages pass as references. */
  Channels IN_PROCESS =
      node ->
          InProcessChannelBuilder.forName(node.id())
              .directExecutor()
              .maxInboundMessageSize(MAX_MESSAGE_BYTES)
              .build();

  /** A channel to the node; the caller shuts it down. */
  ManagedChannel to(Node node);
}
