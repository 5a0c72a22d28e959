package io.vmqtt.store;

import io.vmqtt.testkit.architecture.ModuleArchitecture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  @TestFactory
  Stream<DynamicTest> houseRules() {
    return ModuleArchitecture.of("io.vmqtt.store")
        .rim(
            "",
            "journal",
            "leading",
            "link",
            "operation",
            "process",
            "raft",
            "salvage",
            "shard",
            "storage",
            "wire")
        .pure("session")
        .pure("delivery")
        .pure("retained")
        .tests();
  }
}
