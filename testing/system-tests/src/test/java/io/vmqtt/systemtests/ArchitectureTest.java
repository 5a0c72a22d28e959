package io.vmqtt.systemtests;

import io.vmqtt.testkit.architecture.ModuleArchitecture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  @TestFactory
  Stream<DynamicTest> houseRules() {
    return ModuleArchitecture.ofTestsOnly("io.vmqtt.systemtests");
  }
}
