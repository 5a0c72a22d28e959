package io.vmqtt.systemtests.cluster;

import io.vmqtt.testkit.process.ClusterNode.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the documentation tells operators that tokens of Consul need, word by word. */
final class ConsulPolicies {
  private static final Path DOCUMENT = Path.of("..", "..", "docs", "operations.md");
  private static final String CHAPTER = "## Consul with ACL and TLS";
  private static final String INDENT = "    ";
  private static final String EVERY_PROCESS = "every process";

  private ConsulPolicies() {}

  /** Of a process of that kind. */
  static String of(Kind kind) {
    Map<String, String> printed = printed();
    return need(printed, EVERY_PROCESS) + need(printed, kind.serviceName());
  }

  private static String need(Map<String, String> printed, String whose) {
    String rules = printed.get(whose);
    if (rules == null) {
      throw new IllegalStateException(DOCUMENT + " has no policy of " + whose + ": " + printed);
    }
    return rules;
  }

  /** By the word in the comment above them. */
  private static Map<String, String> printed() {
    Map<String, String> policies = new LinkedHashMap<>();
    String whose = "";
    for (String line : chapter()) {
      if (line.startsWith(INDENT + "# ")) {
        whose = line.substring(INDENT.length() + 2).split(":", 2)[0];
      } else if (line.startsWith(INDENT) && line.contains("policy =")) {
        policies.merge(whose, line.strip() + "\n", String::concat);
      }
    }
    return policies;
  }

  private static List<String> chapter() {
    try {
      List<String> lines = Files.readAllLines(DOCUMENT);
      return lines.stream()
          .dropWhile(line -> !line.equals(CHAPTER))
          .skip(1)
          .takeWhile(line -> !line.startsWith("## "))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
