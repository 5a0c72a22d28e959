package io.vmqtt.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vmqtt.testkit.conformance.Statement.Binds;
import io.vmqtt.testkit.conformance.Statement.Reach;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A version of MQTT, with its numbered statements: {@code mqtt-3.1.1.txt}, {@code mqtt-5.0.txt}.
 */
public enum Standard {
  V311("3.1.1", "v311"),
  V5("5.0", "v5");

  /** A chapter with its statements. */
  public record Section(String title, List<Statement> statements) {}

  private final String version;
  private final String attribute;

  Standard(String version, String attribute) {
    this.version = version;
    this.attribute = attribute;
  }

  /** Such as {@code 3.1.1}. */
  public String version() {
    return version;
  }

  /** The attribute of {@link Conforms} for it. */
  String attribute() {
    return attribute;
  }

  static Standard ofVersion(String version) {
    for (Standard standard : values()) {
      if (standard.version.equals(version)) {
        return standard;
      }
    }
    throw new IllegalArgumentException("no MQTT " + version);
  }

  /** All chapters that have statements. */
  public List<Section> sections() {
    return sections(linesOf("mqtt-" + version + ".txt"));
  }

  static List<Section> sections(List<String> lines) {
    List<Section> sections = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("== ")) {
        sections.add(new Section(line.substring(3), new ArrayList<>()));
      } else {
        sections.getLast().statements().add(statement(line));
      }
    }
    return sections;
  }

  private static Statement statement(String line) {
    String[] columns = line.split(" \\| ", -1);
    if (columns.length != 4 || !columns[0].matches("MQTT(-\\d+(\\.\\d+){2})-\\d+")) {
      throw new IllegalArgumentException("not a statement: " + line);
    }
    return new Statement(
        columns[0],
        Binds.valueOf(columns[1].toUpperCase(Locale.ROOT)),
        Reach.valueOf(columns[2].toUpperCase(Locale.ROOT)),
        columns[3]);
  }

  /** The lines of a resource beside this class, without empty ones and comments. */
  static List<String> linesOf(String resource) {
    try (InputStream in = Standard.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + resource);
      }
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
