package io.vmqtt.testkit.conformance;

import io.vmqtt.testkit.conformance.ConformingTest.Setting;
import io.vmqtt.testkit.conformance.Standard.Section;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code docs/conformance.md} says. */
public final class ConformancePage {
  private static final String HEAD =
      """
      # Conformance

      <!-- Made of the @Conforms annotations on tests; do not edit. CONTRIBUTING.md says how to make it anew. -->

      Every numbered statement of MQTT 3.1.1 and MQTT 5.0 that binds a server, with the tests that fail where the broker
      does not keep to it. The words are ours and short: the standards' own count. A statement is held on parts of the
      broker beside their code, on a whole broker in one process, or across the gateways of a cluster; where it takes
      what other connections and processes know, it is held on one node *and* across gateways.

      """;

  private final Conformance conformance;

  public ConformancePage(Conformance conformance) {
    this.conformance = conformance;
  }

  /** The whole page, in Markdown. */
  public String text() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Standard standard : Standard.values()) {
      page.append("## MQTT ").append(standard.version()).append("\n\n").append(summary(standard));
      for (Section section : conformance.sections(standard)) {
        appendTested(page, standard, section);
      }
      appendUntested(page, standard);
    }
    return page.toString().stripTrailing() + "\n";
  }

  private String summary(Standard standard) {
    List<Statement> all = conformance.statements(standard);
    long clients = all.stream().filter(statement -> !statement.bindsServers()).count();
    long untested = all.stream().filter(one -> conformance.reason(standard, one) != null).count();
    return "Of %d statements %d bind clients alone. Of the others %d have tests, %d have none.%n%n"
        .formatted(all.size(), clients, all.size() - clients - untested, untested);
  }

  private void appendTested(StringBuilder page, Standard standard, Section section) {
    List<Statement> tested =
        section.statements().stream()
            .filter(statement -> conformance.tests(standard, statement).findAny().isPresent())
            .toList();
    if (tested.isEmpty()) {
      return;
    }
    page.append("### ").append(section.title()).append("\n\n");
    page.append("| statement | in short | on parts | on one node | across gateways |\n");
    page.append("| --- | --- | --- | --- | --- |\n");
    for (Statement statement : tested) {
      page.append("| ").append(statement.id()).append(" | ").append(statement.words());
      for (Setting setting : Setting.values()) {
        String tests =
            conformance
                .tests(standard, statement)
                .filter(test -> test.setting() == setting)
                .map(ConformingTest::name)
                .collect(Collectors.joining("<br>"));
        page.append(" | ").append(tests);
      }
      page.append(" |\n");
    }
    page.append('\n');
  }

  private void appendUntested(StringBuilder page, Standard standard) {
    page.append("### Without a test\n\n");
    page.append("| statement | in short | why |\n");
    page.append("| --- | --- | --- |\n");
    for (Statement statement : conformance.statements(standard)) {
      String reason = conformance.reason(standard, statement);
      if (reason != null) {
        page.append("| ").append(statement.id()).append(" | ").append(statement.words());
        page.append(" | ").append(reason).append(" |\n");
      }
    }
    page.append('\n');
  }
}
