package io.vmqtt.gateway.access.sql;

import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.Template.Variable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query with parameters such as {@code :user_name}, which become those of JDBC: what clients say
 * of themselves is never a part of the text.
 *
 * @param text as JDBC wants it
 * @param parameters in the order of their question marks
 */
public record UserQuery(String text, List<Variable> parameters) {
  private static final Map<String, Variable> NAMES =
      Map.of(
          "user_name", Variable.USER_NAME,
          "client_id", Variable.CLIENT_ID,
          "address", Variable.ADDRESS,
          "certificate_name", Variable.COMMON_NAME,
          "namespace", Variable.NAMESPACE);

  /** What is between quotes or in a comment, a cast of PostgreSQL, or a parameter. */
  private static final Pattern PART =
      Pattern.compile("'[^']*'|\"[^\"]*\"|--[^\n]*|/\\*.*?\\*/|::|:(\\w+)|\\?", Pattern.DOTALL);

  public UserQuery {
    parameters = List.copyOf(parameters);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it has a parameter that there is not, or none
   */
  public static UserQuery read(String query) {
    List<Variable> parameters = new ArrayList<>();
    String text =
        PART.matcher(query)
            .replaceAll(
                part -> {
                  if (part.group(1) == null) {
                    return Matcher.quoteReplacement(literal(part));
                  }
                  parameters.add(parameter(part.group(1)));
                  return "?";
                });
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("a query without any of " + names());
    }
    return new UserQuery(text, parameters);
  }

  private static String literal(MatchResult part) {
    if (part.group().equals("?")) {
      throw new IllegalArgumentException("a query with ? in it; its parameters are " + names());
    }
    return part.group();
  }

  private static Variable parameter(String name) {
    Variable variable = NAMES.get(name);
    if (variable == null) {
      throw new IllegalArgumentException("a query with :" + name + ", which is none of " + names());
    }
    return variable;
  }

  private static String names() {
    return ":" + String.join(", :", new TreeSet<>(NAMES.keySet()));
  }

  /** Sets what is known of a client; what is not is NULL. */
  void set(PreparedStatement statement, Credentials client) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      statement.setString(i + 1, parameters.get(i).of(client));
    }
  }
}
