package io.vmqtt.registry;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.process.ProcessOptions;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.registry.config.RegistryOptions;
import java.util.List;
import java.util.Map;

/** A cluster registry as a process of its own. */
public final class Application {
  /** What can be set for its process. */
  public static final List<Option<?>> OPTIONS =
      ProcessOptions.of(RegistryOptions.all(), ProcessOptions.httpPort(8094));

  private Application() {}

  /**
   * Starts a registry configured by the environment: {@code VMQTT_REGISTRY_SHARDS} and its like.
   */
  public static void main(String[] args) throws InterruptedException {
    RoleProcess.main(Application::start);
  }

  /**
   * Starts a registry in this JVM.
   *
   * @param set properties that override everything else
   * @throws StartException if it cannot; nothing of it is left then
   */
  public static RoleProcess start(Map<String, Object> set) throws StartException {
    return RoleProcess.start("cluster-registry", OPTIONS, set);
  }
}
