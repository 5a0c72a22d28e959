package io.vmqtt.extension;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who somebody is that connects. */
public sealed interface Verdict {

  /**
   * It is let in.
   *
   * @param userName as whom; null: nobody has proved a name
   * @param namespace where; null: in that of its listener
   * @param claims what else is known of it, for rules: {@code ${claims.NAME}}
   * @param rules of its own, which go before those of all; null: none. At most 100
   * @param until when its connection ends; null: never for that
   */
  record Allowed(
      @Nullable String userName,
      @Nullable String namespace,
      Map<String, String> claims,
      @Nullable List<Rule> rules,
      @Nullable Instant until)
      implements Verdict {

    public Allowed {
      claims = Map.copyOf(claims);
      rules = rules == null ? null : List.copyOf(rules);
    }

    /** The same with rules of its own. */
    public Allowed with(Rule... own) {
      return new Allowed(userName, namespace, claims, List.of(own), until);
    }

    /** The same until a time. */
    public Allowed until(Instant end) {
      return new Allowed(userName, namespace, claims, rules, end);
    }
  }

  /** It is not, and nobody else is asked. */
  record Refused() implements Verdict {}

  /** It is for another method. */
  record Unknown() implements Verdict {}

  /** Lets it in as somebody. */
  static Allowed allowed(@Nullable String userName) {
    return new Allowed(userName, null, Map.of(), null, null);
  }

  /** Does not let it in. */
  static Verdict refused() {
    return new Refused();
  }

  /** Leaves it to another method. */
  static Verdict unknown() {
    return new Unknown();
  }
}
