package io.vmqtt.cluster.operation;

import java.util.List;

/** The traces that a node has. */
public record TraceList(List<TraceInfo> traces) {
  public TraceList {
    traces = List.copyOf(traces);
  }

  /** Nothing in particular. */
  public record Question() {}

  /**
   * One of them.
   *
   * @param over whether nothing more is written down
   * @param events how many it was until now, those among them that are left out
   */
  public record TraceInfo(TraceSpec trace, boolean over, long events) {}
}
