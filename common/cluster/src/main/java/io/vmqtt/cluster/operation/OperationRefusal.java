package io.vmqtt.cluster.operation;

/** A node does not do what it is asked, for now; the message says why, for people. */
public final class OperationRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public OperationRefusal(String why) {
    super(why, null, false, false);
  }
}
