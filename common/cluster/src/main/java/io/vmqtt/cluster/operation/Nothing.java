package io.vmqtt.cluster.operation;

/** A question that its operation says all of. */
public record Nothing() {
  public static final Nothing MORE = new Nothing();
}
