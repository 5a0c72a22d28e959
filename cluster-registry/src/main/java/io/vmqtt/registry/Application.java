package io.vmqtt.registry;

import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import java.util.Map;

/** A cluster registry as a process of its own. */
public final class Application {
  /** Overridden by whatever an operator sets; docs/configuration.md describes them. */
  private static final Map<String, Object> DEFAULTS =
      Map.of(RoleProcess.HTTP_PORT, 8094, "vmqtt.consul", "127.0.0.1:8500");

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
   * @param options properties that override everything else
   * @throws StartException if it cannot; nothing of it is left then
   */
  public static RoleProcess start(Map<String, Object> options) throws StartException {
    return RoleProcess.start("cluster-registry", DEFAULTS, options);
  }
}
