package io.vmqtt.store;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.process.ProcessOptions;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.store.config.StoreOptions;
import java.util.List;
import java.util.Map;

/** A store as a process of its own. */
public final class Application {
  /** What can be set for its process. */
  public static final List<Option<?>> OPTIONS =
      ProcessOptions.of(
          StoreOptions.all(),
          ProcessOptions.grpcPort(9093, "Port for links of routers, 0 for any free one"),
          ProcessOptions.httpPort(8093));

  private Application() {}

  /** Starts a store configured by the environment: {@code VMQTT_STORE_DATA} and its like. */
  public static void main(String[] args) throws InterruptedException {
    RoleProcess.main(Application::start);
  }

  /**
   * Starts a store.
   *
   * @param set properties that override what is configured elsewhere
   */
  public static RoleProcess start(Map<String, Object> set) throws StartException {
    return RoleProcess.start("session-store", OPTIONS, set);
  }
}
