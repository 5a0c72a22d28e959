package io.vmqtt.router;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.process.ProcessOptions;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.router.config.RouterOptions;
import java.util.List;
import java.util.Map;

/** A router as a process of its own. */
public final class Application {
  /** What can be set for its process. */
  public static final List<Option<?>> OPTIONS =
      ProcessOptions.of(
          RouterOptions.all(),
          ProcessOptions.grpcPort(9092, "Port for links of gateways, 0 for any free one"),
          ProcessOptions.httpPort(8092));

  private Application() {}

  /** Starts a router configured by the environment: {@code GRPC_SERVER_PORT} and its like. */
  public static void main(String[] args) throws InterruptedException {
    RoleProcess.main(Application::start);
  }

  /**
   * Starts a router.
   *
   * @param set properties that override what is configured elsewhere
   */
  public static RoleProcess start(Map<String, Object> set) throws StartException {
    return RoleProcess.start("routing-service", OPTIONS, set);
  }
}
