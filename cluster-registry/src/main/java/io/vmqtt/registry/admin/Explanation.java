package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a message on its way to a client, step by step. Nothing was published.
 *
 * @param from who would publish it; null: an operator, whom no access rule is about
 * @param verdict what would become of it, as far as the steps tell
 * @param text the same, for people, in one sentence
 */
@JsonInclude
record Explanation(
    String topic,
    String namespace,
    @Nullable String from,
    String to,
    int qos,
    boolean retain,
    Verdict verdict,
    String text,
    List<Step> steps) {
  Explanation {
    steps = List.copyOf(steps);
  }

  /** What becomes of it. */
  enum Verdict {
    /** The client would get it now. */
    DELIVERED,
    /** It would wait for the client. */
    QUEUED,
    /** Another member of a share group may get it. */
    IN_TURN,
    /** Its publisher would be told no, and nobody would get it. */
    REFUSED,
    /** The client would not get it. */
    NOT,
    /** Somebody did not answer on whom it depends. */
    UNKNOWN;

    /** As the API has it. */
    @JsonValue
    String label() {
      return Explanation.label(this);
    }
  }

  /** What a step says. */
  enum Outcome {
    /** It goes on. */
    OK,
    /** It ends here. */
    STOP,
    /** Worth knowing; it goes on. */
    NOTE;

    /** As the API has it. */
    @JsonValue
    String label() {
      return Explanation.label(this);
    }
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * One place on the way.
   *
   * @param step its name
   * @param node the id of who has said so; null: nobody in particular
   * @param text for people
   * @param facts what it was told from, by name
   */
  @JsonInclude
  record Step(
      String step, @Nullable String node, Outcome outcome, String text, Map<String, Object> facts) {
    Step {
      facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }
  }
}
