package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
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
    @JsonProperty("delivered")
    DELIVERED,
    /** It would wait for the client. */
    @JsonProperty("queued")
    QUEUED,
    /** Another member of a share group may get it. */
    @JsonProperty("in-turn")
    IN_TURN,
    /** Its publisher would be told no, and nobody would get it. */
    @JsonProperty("refused")
    REFUSED,
    /** The client would not get it. */
    @JsonProperty("not")
    NOT,
    /** Somebody did not answer on whom it depends. */
    @JsonProperty("unknown")
    UNKNOWN;
  }

  /** What a step says. */
  enum Outcome {
    /** It goes on. */
    @JsonProperty("ok")
    OK,
    /** It ends here. */
    @JsonProperty("stop")
    STOP,
    /** Worth knowing; it goes on. */
    @JsonProperty("note")
    NOTE;
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
