package io.vmqtt.cluster.node;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Names for processes. */
public final class NodeId {
  private NodeId() {}

  /** Eight hexadecimal digits: unlikely to meet twice among the processes of one cluster. */
  public static String random(RandomGenerator random) {
    return HexFormat.of().toHexDigits(random.nextInt());
  }
}
