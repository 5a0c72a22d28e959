package io.vmqtt.gateway.access.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DecisionTest {

  @Test
  void text_ruleOfManyTopics_endsWhereItIsFound() {
    String many = text(IntStream.range(0, 50_000).mapToObj(i -> "topic/" + i));

    assertTrue(many.startsWith("line 3: deny publish topic/0, topic/1, "), many);
    assertTrue(many.length() > 256 && many.length() < 300, many);
  }

  @Test
  void text_ruleOfFewTopics_isAllOfIt() {
    assertEquals(
        "line 3: deny publish a/+, b/${username}", text(Stream.of("a/+", "b/${username}")));
    assertEquals("none is about it", new Decision(Effect.DENY, null, false).text());
  }

  private static String text(Stream<String> topics) {
    TopicRule rule =
        new TopicRule(
            3,
            Effect.DENY,
            Set.of(TopicAction.PUBLISH),
            List.copyOf(topics.map(TopicTemplate::of).toList()),
            Who.EVERYBODY,
            TopicRule.EVERY_QOS,
            null,
            null);
    return new Decision(Effect.DENY, rule, false).text();
  }
}
