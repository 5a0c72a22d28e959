package io.vmqtt.registry.operators;

import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.cluster.operators.Operators;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.YamlFile;
import io.vmqtt.model.Namespace;
import io.vmqtt.registry.files.FactFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Operators in a file, a line for each: {@code NAME:ROLE:NAMESPACE:HASH}. Without a namespace
 * between its colons, it is about the whole cluster. Empty lines, and those that begin with {@code
 * #}, are for people.
 */
public final class OperatorsFile implements FactFile<Operators> {
  private static final int FIELDS = 4;

  private final YamlFile file;

  /**
   * One that is there, or will be.
   *
   * @param as what to call it in complaints
   */
  public OperatorsFile(Path path, String as) {
    this.file = new YamlFile(path, as);
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public String text() {
    return file.text();
  }

  @Override
  public Instant writtenAt() {
    return file.writtenAt();
  }

  /** What {@link #read} takes. */
  public static String write(Operators operators) {
    return operators.all().stream()
        .map(OperatorsFile::line)
        .collect(Collectors.joining("", "# NAME:ROLE:NAMESPACE:HASH\n", ""));
  }

  private static String line(Operator operator) {
    Namespace namespace = operator.namespace();
    return String.join(
            ":",
            operator.name(),
            operator.role().label(),
            namespace == null ? "" : namespace.name(),
            operator.password())
        + '\n';
  }

  @Override
  public Operators read(String text) {
    List<Operator> all = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        all.add(operator(line.strip(), number));
      }
    }
    if (all.isEmpty()) { // it may be half written, and nobody means to keep everybody out
      throw file.complaint("names no operator");
    }
    try {
      return new Operators(0, all);
    } catch (IllegalArgumentException e) {
      throw file.complaint(String.valueOf(e.getMessage()));
    }
  }

  private Operator operator(String line, int number) {
    String[] fields = line.split(":", FIELDS);
    if (fields.length < FIELDS) {
      throw complaint(number, "not NAME:ROLE:NAMESPACE:HASH");
    }
    OperatorRole role =
        OperatorRole.named(fields[1])
            .orElseThrow(
                () ->
                    complaint(
                        number,
                        "'" + fields[1] + "' is no role: there are viewer, operator and admin"));
    try {
      @Nullable Namespace namespace = fields[2].isEmpty() ? null : new Namespace(fields[2]);
      return new Operator(fields[0], role, namespace, fields[3]);
    } catch (IllegalArgumentException e) {
      throw complaint(number, String.valueOf(e.getMessage()));
    }
  }

  private OptionException complaint(int line, String what) {
    return file.complaint("line " + line + ": " + what);
  }
}
