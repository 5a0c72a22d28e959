package io.vmqtt.registry.admin;

import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.registry.settings.Setting;

/** {@code /api/v1/access}: which rules decide what clients may publish and subscribe. */
@Controller("/api/v1/access")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AccessController extends SettingController<AccessSettings> {
  AccessController(Setting<AccessSettings> setting) {
    super(setting);
  }
}
