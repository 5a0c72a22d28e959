package io.vmqtt.gateway.access.sql;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules of one user as rows, in their order: {@code allow} or {@code deny}, what ({@code publish},
 * {@code subscribe}, or both with a comma between), and the topic.
 */
final class RuleRows {
  private RuleRows() {}

  static OwnRules read(ResultSet rows) throws SQLException, StrangeAnswerException {
    List<String[]> read = new ArrayList<>();
    while (rows.next()) {
      read.add(new String[] {text(rows, 1), text(rows, 2), text(rows, 3)});
    }
    return StrangeAnswerException.unless(() -> rules(read));
  }

  private static String text(ResultSet rows, int column) throws SQLException {
    String text = rows.getString(column);
    return text == null ? "" : text.strip();
  }

  private static OwnRules rules(List<String[]> rows) {
    List<TopicRule> rules = new ArrayList<>();
    for (String[] row : rows) {
      rules.add(
          new TopicRule(
              rules.size() + 1,
              Effect.of(row[0]),
              actions(row[1]),
              List.of(TopicTemplate.of(row[2])),
              Who.EVERYBODY,
              TopicRule.EVERY_QOS,
              null,
              null));
    }
    return new OwnRules(rules, null);
  }

  private static Set<TopicAction> actions(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .map(TopicAction::of)
        .collect(Collectors.toSet());
  }
}
