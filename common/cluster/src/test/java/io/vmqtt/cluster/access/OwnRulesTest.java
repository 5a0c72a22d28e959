package io.vmqtt.cluster.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnRulesTest {

  @Test
  void read_allThatARuleCanHave_isRead() {
    assertEquals(
        new OwnRules(
            List.of(
                new TopicRule(
                    1,
                    Effect.ALLOW,
                    Set.of(TopicAction.PUBLISH),
                    List.of(TopicTemplate.of("a/${clientid}/#")),
                    new Who(
                        Set.of("anna"),
                        List.of(new NamePattern("c*")),
                        Set.of(Namespace.of("plant"))),
                    Set.of(Qos.AT_MOST_ONCE, Qos.AT_LEAST_ONCE),
                    false,
                    null),
                new TopicRule(
                    2,
                    Effect.DENY,
                    Set.of(TopicAction.SUBSCRIBE),
                    List.of(TopicTemplate.of("b"), TopicTemplate.of("#")),
                    Who.EVERYBODY,
                    TopicRule.EVERY_QOS,
                    null,
                    List.of(new NamePattern("g")))),
            Effect.ALLOW),
        OwnRules.read(
            """
            [{"allow": "publish", "topics": "a/${clientid}/#", "users": "anna", "client-ids": ["c*"],
              "namespaces": "plant", "qos": [0, 1], "retain": false},
             {"deny": ["subscribe"], "topics": ["b", "#"], "share-groups": "g"},
             {"default": "allow"}]
            """));
  }

  /** Topics of slashes take far more in trees than in JSON, and more for each action. */
  @Test
  void read_moreLevelsThanTreesMayHave_isRefused() {
    List<String> most = Collections.nCopies(5, "/".repeat(399));
    List<String> more = new ArrayList<>(most);
    more.add("a");

    assertEquals(OwnRules.MOST_LEVELS, both(most).levels());
    assertEquals(
        "more than 4000 levels of topics",
        assertThrows(IllegalArgumentException.class, () -> both(more)).getMessage());
  }

  private static OwnRules both(List<String> topics) {
    return OwnRules.of(List.of(Map.of("allow", List.of("publish", "subscribe"), "topics", topics)));
  }

  @Test
  void of_whatALibraryMadeOfJson_isRead() {
    assertEquals(
        OwnRules.read("[{\"allow\":[\"publish\",\"subscribe\"],\"topics\":\"a\",\"qos\":1}]"),
        OwnRules.of(
            List.of(Map.of("allow", List.of("publish", "subscribe"), "topics", "a", "qos", 1L))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[                                               | no JSON: ",
        "{\"allow\":\"publish\",\"topics\":\"a\"}        | no list of rules",
        "[\"a\"]                                         | rule 1: no object",
        "[{\"topics\":\"a\"}]                            | rule 1: it has either allow or deny",
        "[{\"allow\":\"publish\",\"deny\":\"publish\",\"topics\":\"a\"}] | rule 1: it has either",
        "[{\"allow\":\"read\",\"topics\":\"a\"}]         | rule 1: neither publish nor subscribe",
        "[{\"allow\":\"publish\"}]                       | rule 1: a rule needs topics",
        "[{\"allow\":\"publish\",\"topics\":[]}]         | rule 1: topics: at least one",
        "[{\"allow\":\"publish\",\"topics\":null}]       | rule 1: topics: neither a value",
        "[{\"allow\":\"publish\",\"topics\":[[\"a\"]]}]  | rule 1: topics: neither a value",
        "[{\"allow\":\"publish\",\"topics\":\"a/#/b\"}]  | rule 1: 'a/#/b': # is the last level",
        "[{\"allow\":\"publish\",\"topics\":\"a\",\"qos\":3}]       | rule 1: QoS must be",
        "[{\"allow\":\"publish\",\"topics\":\"a\",\"retain\":\"no\"}] | rule 1: retain: neither",
        "[{\"allow\":\"publish\",\"topics\":\"a\",\"topic\":\"b\"}] | rule 1: a rule with 'topic'",
        "[{\"allow\":\"publish\",\"topics\":\"a\",\"line\":7}]      | rule 1: it has a line",
        "[{\"default\":\"deny\",\"topics\":\"a\"}]       | rule 1: the default stands alone",
        "[{\"default\":\"deny\"},{\"allow\":\"publish\",\"topics\":\"a\"}] | rule 2: it is behind",
      })
  void read_whatIsNoListOfRules_theComplaintSaysWhichIsWrong(String json, String complaint) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> OwnRules.read(json)).getMessage());

    assertTrue(message.startsWith(complaint), message);
  }

  @Test
  void read_moreThanOneMayHave_isRefused() {
    String rule = about("a");
    OwnRules.read("[" + (rule + ",").repeat(OwnRules.MOST - 1) + rule + "]");

    assertThrows(
        IllegalArgumentException.class,
        () -> OwnRules.read("[" + (rule + ",").repeat(OwnRules.MOST) + rule + "]"));
    assertThrows(
        IllegalArgumentException.class,
        () -> OwnRules.read("[" + about("a".repeat(OwnRules.MOST_CHARACTERS)) + "]"));
    TopicRule longRule = OwnRules.read("[" + about("a".repeat(9_000)) + "]").rules().getFirst();
    assertThrows(
        IllegalArgumentException.class, () -> new OwnRules(List.of(longRule, longRule), null));
  }

  private static String about(String topic) {
    return "{\"allow\":\"publish\",\"topics\":\"" + topic + "\"}";
  }
}
