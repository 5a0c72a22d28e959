package io.vmqtt.registry;

import io.vmqtt.testkit.architecture.ModuleArchitecture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  @TestFactory
  Stream<DynamicTest> houseRules() {
    return ModuleArchitecture.of("io.vmqtt.registry")
        .rim("", "admin", "config", "status", "web")
        .pure("placement")
        .tests();
  }
}
