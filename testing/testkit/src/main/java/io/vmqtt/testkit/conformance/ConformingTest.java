package io.vmqtt.testkit.conformance;

import java.util.List;
import java.util.Map;

/**
 * A test with {@link Conforms}.
 *
 * @param name its class and method
 * @param statements the ids of those that it holds, by standard
 */
public record ConformingTest(String name, Setting setting, Map<Standard, List<String>> statements) {
  /** What it tests them with. */
  public enum Setting {
    /** Parts of the broker, beside their code. */
    PARTS,
    /** A whole broker in one process. */
    ONE_NODE,
    /** Several gateways. */
    ACROSS_GATEWAYS;

    /** Told from the package. */
    static Setting ofPackage(String name) {
      if (name.startsWith("io.vmqtt.systemtests.standalone")) {
        return ONE_NODE;
      }
      return name.startsWith("io.vmqtt.systemtests") || name.startsWith("io.vmqtt.simulation")
          ? ACROSS_GATEWAYS
          : PARTS;
    }
  }

  boolean holds(Standard standard, Statement statement) {
    return statements.getOrDefault(standard, List.of()).contains(statement.id());
  }
}
