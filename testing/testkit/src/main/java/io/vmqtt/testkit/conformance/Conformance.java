package io.vmqtt.testkit.conformance;

import io.vmqtt.testkit.architecture.SourceTree;
import io.vmqtt.testkit.conformance.ConformingTest.Setting;
import io.vmqtt.testkit.conformance.Standard.Section;
import io.vmqtt.testkit.conformance.Statement.Reach;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The statements of both standards, the tests that hold them, and what is not tested and why. */
public final class Conformance {
  private final Map<Standard, List<Section>> standards;
  private final Map<Standard, Map<String, String>> untested;
  private final List<ConformingTest> tests;
  private final List<String> sourceProblems;

  Conformance(
      Map<Standard, List<Section>> standards, List<String> untestedLines, TestSources sources) {
    this.standards = standards;
    this.untested = new EnumMap<>(Standard.class);
    for (String line : untestedLines) {
      String[] columns = line.split(" \\| ", -1);
      String[] name = columns[0].split(" ", -1);
      untested
          .computeIfAbsent(Standard.ofVersion(name[0]), _ -> new LinkedHashMap<>())
          .put(name[1], columns[1]);
    }
    this.tests = sources.tests();
    this.sourceProblems = sources.problems();
  }

  /** Of this repository. */
  public static Conformance ofThisRepository() {
    Map<Standard, List<Section>> standards = new EnumMap<>(Standard.class);
    for (Standard standard : Standard.values()) {
      standards.put(standard, standard.sections());
    }
    return new Conformance(
        standards,
        Standard.linesOf("untested.txt"),
        TestSources.parse(
            SourceTree.ofThisRepository().javaFiles().stream()
                .filter(file -> file.toString().contains("/src/test/"))
                .toList()));
  }

  /** Whatever must not be, as sentences; empty where all is well. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>(sourceProblems);
    for (Standard standard : Standard.values()) {
      for (Statement statement : statements(standard)) {
        String problem = problem(standard, statement);
        if (problem != null) {
          problems.add("MQTT " + standard.version() + ", " + statement.id() + " " + problem);
        }
      }
      Set<String> known =
          statements(standard).stream().map(Statement::id).collect(Collectors.toSet());
      tests.forEach(
          test ->
              test.statements().getOrDefault(standard, List.of()).stream()
                  .filter(id -> !known.contains(id))
                  .forEach(id -> problems.add(test.name() + " names the unknown " + id)));
      untested.getOrDefault(standard, Map.of()).keySet().stream()
          .filter(id -> !known.contains(id))
          .forEach(id -> problems.add("untested.txt names the unknown " + id));
    }
    return problems;
  }

  private @Nullable String problem(Standard standard, Statement statement) {
    boolean listed = reason(standard, statement) != null;
    boolean tested = tests(standard, statement).findAny().isPresent();
    if (!statement.bindsServers()) {
      return listed || tested ? "binds clients alone" : null;
    }
    if (listed) {
      return tested ? "has a test: it need not be in untested.txt" : null;
    }
    if (!tested) {
      return "has no test";
    }
    if (statement.reach() == Reach.CLUSTER) {
      for (Setting setting : List.of(Setting.ONE_NODE, Setting.ACROSS_GATEWAYS)) {
        if (tests(standard, statement).noneMatch(test -> test.setting() == setting)) {
          return "has no test of " + setting;
        }
      }
    }
    return null;
  }

  List<Section> sections(Standard standard) {
    return standards.getOrDefault(standard, List.of());
  }

  List<Statement> statements(Standard standard) {
    return sections(standard).stream().flatMap(one -> one.statements().stream()).toList();
  }

  Stream<ConformingTest> tests(Standard standard, Statement statement) {
    return tests.stream().filter(test -> test.holds(standard, statement));
  }

  /** Why a statement has no test; null where it has, or binds clients alone. */
  @Nullable String reason(Standard standard, Statement statement) {
    return untested.getOrDefault(standard, Map.of()).get(statement.id());
  }
}
