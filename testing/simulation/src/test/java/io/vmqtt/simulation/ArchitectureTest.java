package io.vmqtt.simulation;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.vmqtt.testkit.architecture.HouseRules;
import org.junit.jupiter.api.Test;

/** The house rules, for a module that has tests only. */
class ArchitectureTest {
  private final JavaClasses classes = new ClassFileImporter().importPackages("io.vmqtt.simulation");

  @Test
  void packages_haveNoCycles() {
    HouseRules.noPackageCycles().check(classes);
  }

  @Test
  void names_areNouns() {
    HouseRules.namesAreNouns().check(classes);
  }

  @Test
  void tests_neverSleep() {
    HouseRules.nobodySleeps().check(classes);
  }

  @Test
  void simulation_readsNoClock() {
    HouseRules.readNoClock("io.vmqtt.simulation.(world|cluster|client)..").check(classes);
  }
}
