package io.vmqtt.gateway;

import io.vmqtt.testkit.architecture.ModuleArchitecture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  @TestFactory
  Stream<DynamicTest> houseRules() {
    return ModuleArchitecture.of("io.vmqtt.gateway")
        .rim(
            "codec",
            "config",
            "link",
            "listener",
            "process",
            "proxy",
            "quic",
            "sessions",
            "tls",
            "trace",
            "transport",
            "websocket")
        .pure("access")
        .pure("audit")
        .pure("connection")
        .pure("local")
        .pure("memory")
        .pure("policy")
        .pure("quota")
        .tests();
  }
}
