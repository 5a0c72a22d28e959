package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a table for people: a heading, and columns as wide as what is in them. */
final class Rows {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * One column.
   *
   * @param pointer where its value is, such as {@code /ports/http}
   */
  record Column(String heading, String pointer) {}

  /** An empty table; each of {@code columns} is {@code HEADING=/pointer}. */
  static Rows of(String... columns) {
    return new Rows(
        Arrays.stream(columns)
            .map(
                text -> {
                  int equals = text.indexOf('=');
                  return new Column(text.substring(0, equals), text.substring(equals + 1));
                })
            .toList());
  }

  private Rows(List<Column> columns) {
    this.columns = columns;
  }

  Rows add(Iterable<JsonNode> items) {
    items.forEach(
        item -> rows.add(columns.stream().map(column -> text(item.at(column.pointer()))).toList()));
    return this;
  }

  private static String text(@Nullable JsonNode value) {
    if (value == null || value.isMissingNode() || value.isNull()) {
      return "-";
    }
    String text = value.isValueNode() ? value.asText() : value.toString();
    return text.isEmpty() ? "\"\"" : text.replaceAll("\\p{Cntrl}", "?");
  }

  /** A line each, the heading first. */
  List<String> lines() {
    int[] widths = new int[columns.size()];
    List<List<String>> all = new ArrayList<>();
    all.add(columns.stream().map(Column::heading).toList());
    all.addAll(rows);
    for (List<String> row : all) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return all.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
