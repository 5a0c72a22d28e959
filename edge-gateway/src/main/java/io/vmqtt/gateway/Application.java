package io.vmqtt.gateway;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.process.ProcessOptions;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.gateway.config.GatewayOptions;
import java.util.List;
import java.util.Map;

/** A gateway as a process of its own. */
public final class Application {
  /** What can be set for its process. */
  public static final List<Option<?>> OPTIONS =
      ProcessOptions.of(GatewayOptions.all(), ProcessOptions.httpPort(8091));

  private Application() {}

  /** Starts a gateway configured by the environment: {@code VMQTT_GATEWAY_PORT} and its like. */
  public static void main(String[] args) throws InterruptedException {
    RoleProcess.main(Application::start);
  }

  /**
   * Starts a gateway.
   *
   * @param set properties that override what is configured elsewhere
   */
  public static RoleProcess start(Map<String, Object> set) throws StartException {
    return RoleProcess.start("edge-gateway", OPTIONS, set);
  }
}
