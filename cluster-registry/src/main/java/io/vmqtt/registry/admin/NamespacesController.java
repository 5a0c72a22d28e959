package io.vmqtt.registry.admin;

import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.registry.settings.Setting;

/** {@code /api/v1/namespaces}: which namespaces there are, and what they may have. */
@Controller("/api/v1/namespaces")
@ExecuteOn(TaskExecutors.BLOCKING)
final class NamespacesController extends SettingController<Namespaces> {
  NamespacesController(Setting<Namespaces> setting) {
    super(setting);
  }
}
