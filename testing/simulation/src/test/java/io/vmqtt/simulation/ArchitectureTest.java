package io.vmqtt.simulation;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.vmqtt.testkit.architecture.HouseRules;
import io.vmqtt.testkit.architecture.ModuleArchitecture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  @TestFactory
  Stream<DynamicTest> houseRules() {
    return ModuleArchitecture.ofTestsOnly("io.vmqtt.simulation");
  }

  @Test
  void simulation_readsNoClock() {
    HouseRules.readNoClock("io.vmqtt.simulation.(world|cluster|client)..")
        .check(new ClassFileImporter().importPackages("io.vmqtt.simulation"));
  }
}
