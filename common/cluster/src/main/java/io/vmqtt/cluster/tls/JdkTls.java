package io.vmqtt.cluster.tls;

/** What the TLS of the JDK is told, which it reads once: before it does its first handshake. */
public final class JdkTls {
  private JdkTls() {}

  /**
   * From now on clients of TLS 1.2 cannot have this process do handshakes without end on one
   * connection.
   */
  public static void refuseRenegotiation() {
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }
}
