package io.vmqtt.store;

import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import java.util.Map;

/** A store as a process of its own. */
public final class Application {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          RoleProcess.HTTP_PORT,
          8093,
          RoleProcess.GRPC_ENABLED,
          true,
          RoleProcess.GRPC_PORT,
          9093,
          "vmqtt.consul",
          "127.0.0.1:8500");

  private Application() {}

  /** Starts a store configured by the environment: {@code VMQTT_STORE_DATA} and its like. */
  public static void main(String[] args) throws InterruptedException {
    RoleProcess.main(Application::start);
  }

  /**
   * Starts a store.
   *
   * @param options properties that override what is configured elsewhere
   */
  public static RoleProcess start(Map<String, Object> options) throws StartException {
    return RoleProcess.start("session-store", DEFAULTS, options);
  }
}
