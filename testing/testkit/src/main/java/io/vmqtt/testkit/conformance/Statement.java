package io.vmqtt.testkit.conformance;

/**
 * A numbered statement of a standard.
 *
 * @param id the standard's own, such as {@code MQTT-3.1.0-1}
 * @param words what it says, in short and in our words
 */
public record Statement(String id, Binds binds, Reach reach, String words) {
  /** Who has to keep to it. */
  public enum Binds {
    SERVER,
    /** Either side, as sender or as receiver. */
    BOTH,
    /** The client, and a server refuses what breaks it. */
    REFUSED,
    /** The client, and a server has nothing to do with it. */
    CLIENT
  }

  /** What it takes to keep to it. */
  public enum Reach {
    /** What one connection knows. */
    CONNECTION,
    /** What others know, too: it has to be seen on one node and across gateways. */
    CLUSTER
  }

  public boolean bindsServers() {
    return binds != Binds.CLIENT;
  }
}
