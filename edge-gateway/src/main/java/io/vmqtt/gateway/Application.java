package io.vmqtt.gateway;

import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import java.util.Map;

/** A gateway as a process of its own. */
public final class Application {
  private static final Map<String, Object> DEFAULTS =
      Map.of(RoleProcess.HTTP_PORT, 8091, "vmqtt.consul", "127.0.0.1:8500");

  private Application() {}

  /** Starts a gateway configured by the environment: {@code VMQTT_GATEWAY_PORT} and its like. */
  public static void main(String[] args) throws InterruptedException {
    RoleProcess.main(Application::start);
  }

  /**
   * Starts a gateway.
   *
   * @param options properties that override what is configured elsewhere
   */
  public static RoleProcess start(Map<String, Object> options) throws StartException {
    return RoleProcess.start("edge-gateway", DEFAULTS, options);
  }
}
