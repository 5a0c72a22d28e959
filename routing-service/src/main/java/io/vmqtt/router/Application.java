package io.vmqtt.router;

import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import java.util.Map;

/** A router as a process of its own. */
public final class Application {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          RoleProcess.HTTP_PORT,
          8092,
          RoleProcess.GRPC_ENABLED,
          true,
          RoleProcess.GRPC_PORT,
          9092,
          "vmqtt.consul",
          "127.0.0.1:8500");

  private Application() {}

  /** Starts a router configured by the environment: {@code GRPC_SERVER_PORT} and its like. */
  public static void main(String[] args) throws InterruptedException {
    RoleProcess.main(Application::start);
  }

  /**
   * Starts a router.
   *
   * @param options properties that override what is configured elsewhere
   */
  public static RoleProcess start(Map<String, Object> options) throws StartException {
    return RoleProcess.start("routing-service", DEFAULTS, options);
  }
}
