package io.vmqtt.cluster.access;

import io.vmqtt.model.TopicName;
import io.vmqtt.model.Utf8String;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A topic filter in which a client's own names can stand: {@code devices/${clientid}/#}. A {@code
 * $} that no brace follows is itself; <code>$${</code> is <code>${</code>.
 */
public final class TopicTemplate {
  private static final String SHARE_PREFIX = "$share/";
  private static final String SYSTEM = "$";

  /** So that whoever goes down a tree of them comes back. */
  private static final int MOST_LEVELS = 500;

  /** An opening that is none, a variable, or an opening that nothing closes. */
  private static final Pattern SPECIAL = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)}|\\$\\{");

  private final String text;
  private final List<Level> levels;

  private TopicTemplate(String text, List<Level> levels) {
    this.text = text;
    this.levels = List.copyOf(levels);
  }

  /** What stands between two separators. */
  public sealed interface Level {
    /** {@code +}. */
    record Any() implements Level {}

    /** {@code #}. */
    record Rest() implements Level {}

    /** The same for everybody. */
    record Fixed(String text) implements Level {}

    /** Another for each client. */
    record Filled(List<Part> parts) implements Level {

      /**
       * What stands there for one client.
       *
       * @param values of variables; null: it has none that can be used
       * @param first whether it is the first level: no name of a client makes it one of {@code
       *     $SYS}
       * @return null: nothing does, no topic has it
       */
      public @Nullable String fill(Function<Variable, @Nullable String> values, boolean first) {
        String filled = fill(values);
        boolean poses =
            first
                && filled != null
                && filled.startsWith(SYSTEM)
                && parts.getFirst() instanceof Variable;
        return poses ? null : filled;
      }

      private @Nullable String fill(Function<Variable, @Nullable String> values) {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
          String text =
              switch (part) {
                case Text(String fixed) -> fixed;
                case Variable variable -> values.apply(variable);
              };
          if (text == null) {
            return null;
          }
          filled.append(text);
        }
        return filled.toString();
      }
    }
  }

  /** A part of a level. */
  public sealed interface Part {}

  /** The same for everybody. */
  public record Text(String text) implements Part {}

  /** The name of a client that stands for its value. */
  public record Variable(String name) implements Part {
    public static final Variable CLIENT_ID = new Variable("clientid");
    public static final Variable USER_NAME = new Variable("username");
    public static final Variable NAMESPACE = new Variable("namespace");
    public static final Variable CERTIFICATE_NAME = new Variable("cert.cn");
    private static final String CLAIM = "claims.";
    private static final List<Variable> FIXED =
        List.of(CLIENT_ID, USER_NAME, NAMESPACE, CERTIFICATE_NAME);

    /** The name of the claim that it stands for; null: for none. */
    public @Nullable String claim() {
      return name.startsWith(CLAIM) ? name.substring(CLAIM.length()) : null;
    }

    private static Variable of(String name) {
      Variable variable = new Variable(name);
      if (!FIXED.contains(variable) && !name.matches("claims\\..+")) {
        throw new IllegalArgumentException(
            "there is no variable '"
                + name
                + "', only clientid, username, namespace, cert.cn and claims.NAME");
      }
      return variable;
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is no topic filter, or has a variable that is none; one
   *     line says why
   */
  public static TopicTemplate of(String text) {
    try {
      return new TopicTemplate(text, levels(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
    }
  }

  private static List<Level> levels(String text) {
    require(!text.isEmpty(), "a topic filter has at least one character");
    require(Utf8String.isValid(text), "no UTF-8 string of up to 65535 bytes");
    require(
        !text.startsWith(SHARE_PREFIX),
        "a rule has the filter behind the group alone; share-groups says which groups");
    List<Level> levels = new ArrayList<>();
    require(TopicName.levelCount(text) <= MOST_LEVELS, "more than " + MOST_LEVELS + " levels");
    for (String level : text.split("/", -1)) {
      require(levels.isEmpty() || !(levels.getLast() instanceof Level.Rest), "# is the last level");
      levels.add(level(level));
    }
    return levels;
  }

  private static Level level(String text) {
    return switch (text) {
      case "+" -> new Level.Any();
      case "#" -> new Level.Rest();
      default -> level(parts(text));
    };
  }

  private static Level level(List<Part> parts) {
    StringBuilder fixed = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Text(String text) -> fixed.append(text);
        case Variable _ -> {
          return new Level.Filled(parts);
        }
      }
    }
    return new Level.Fixed(fixed.toString());
  }

  private static List<Part> parts(String level) {
    List<Part> parts = new ArrayList<>(1);
    int start = 0;
    for (Matcher special = SPECIAL.matcher(level); special.find(); start = special.end()) {
      addText(parts, level.substring(start, special.start()));
      if (special.group().startsWith("$$")) {
        addText(parts, "${");
      } else {
        require(special.group(1) != null, "a ${ that no } closes, in the same level");
        parts.add(Variable.of(special.group(1)));
      }
    }
    addText(parts, level.substring(start));
    return List.copyOf(parts);
  }

  private static void addText(List<Part> parts, String text) {
    require(
        text.indexOf('+') < 0 && text.indexOf('#') < 0,
        "+ and # are whole levels, and # is the last one");
    if (!text.isEmpty()) {
      parts.add(new Text(text));
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** From the first on; at least one. */
  public List<Level> levels() {
    return levels;
  }

  /** Whether it is the same for everybody. */
  public boolean isFixed() {
    return levels.stream().noneMatch(Level.Filled.class::isInstance);
  }

  /**
   * The topic filter that it is for one client.
   *
   * @param values of variables; null: it has none that can be used
   * @return null: for this client it is none
   */
  public @Nullable String fill(Function<Variable, @Nullable String> values) {
    StringBuilder filter = new StringBuilder();
    for (int i = 0; i < levels.size(); i++) {
      String level =
          switch (levels.get(i)) {
            case Level.Any _ -> "+";
            case Level.Rest _ -> "#";
            case Level.Fixed(String text) -> text;
            case Level.Filled filled -> filled.fill(values, i == 0);
          };
      if (level == null) {
        return null;
      }
      filter.append(i == 0 ? "" : "/").append(level);
    }
    return filter.toString();
  }

  /** As it is written. */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TopicTemplate template && template.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
