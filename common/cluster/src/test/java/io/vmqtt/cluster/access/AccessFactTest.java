package io.vmqtt.cluster.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessFactTest {
  private static final TopicRule PLAIN = rule(2, "a/#");
  private static final TopicRule FULL =
      new TopicRule(
          5,
          Effect.DENY,
          Set.of(TopicAction.SUBSCRIBE),
          List.of(TopicTemplate.of("b/${clientid}"), TopicTemplate.of("$SYS/#")),
          new Who(
              Set.of("alice", "bob"),
              List.of(new NamePattern("d-*")),
              Set.of(Namespace.NAMELESS, Namespace.of("plant-1"))),
          Set.of(Qos.AT_MOST_ONCE, Qos.EXACTLY_ONCE),
          null,
          List.of(new NamePattern("workers")));
  private static final TopicRule OF_PUBLISHES =
      new TopicRule(
          9,
          Effect.ALLOW,
          Set.of(TopicAction.PUBLISH),
          List.of(TopicTemplate.of("c")),
          Who.EVERYBODY,
          TopicRule.EVERY_QOS,
          false,
          null);

  private static TopicRule rule(int line, String topic) {
    return new TopicRule(
        line,
        Effect.ALLOW,
        Set.of(TopicAction.PUBLISH, TopicAction.SUBSCRIBE),
        List.of(TopicTemplate.of(topic)),
        Who.EVERYBODY,
        TopicRule.EVERY_QOS,
        null,
        null);
  }

  private static AccessSettings settings(TopicRule... rules) {
    return new AccessSettings(7, new TopicRules(List.of(rules), Effect.DENY));
  }

  private static AccessSettings writtenAndRead(AccessSettings settings) throws IOException {
    return AccessFact.ACCESS.read(AccessFact.ACCESS.write(settings));
  }

  @Test
  void json_writtenAndRead_isTheSame() throws IOException {
    AccessSettings all = settings(PLAIN, FULL, OF_PUBLISHES);
    AccessSettings none = AccessSettings.NONE.withVersion(3);

    assertEquals(all, writtenAndRead(all));
    assertEquals(none, writtenAndRead(none));
  }

  @Test
  void json_isFitForPeople() {
    assertEquals(
        "{\"format\":1,\"version\":7,\"default\":\"deny\",\"rules\":["
            + "{\"line\":2,\"allow\":[\"publish\",\"subscribe\"],\"topics\":[\"a/#\"]},"
            + "{\"line\":5,\"deny\":[\"subscribe\"],\"topics\":[\"b/${clientid}\",\"$SYS/#\"],"
            + "\"users\":[\"alice\",\"bob\"],\"client-ids\":[\"d-*\"],"
            + "\"namespaces\":[\"\",\"plant-1\"],\"qos\":[0,2],\"share-groups\":[\"workers\"]},"
            + "{\"line\":9,\"allow\":[\"publish\"],\"topics\":[\"c\"],\"retain\":false}]}",
        AccessFact.ACCESS.write(settings(PLAIN, FULL, OF_PUBLISHES)));
    assertEquals(
        "{\"format\":1,\"version\":3}",
        AccessFact.ACCESS.write(AccessSettings.NONE.withVersion(3)));
  }

  @Test
  void json_whereItWasSaid_standsBesideIt() throws IOException {
    Origin origin = new Origin("/etc/access.yaml", "anna");
    AccessSettings said = settings(PLAIN).from(origin);

    String text = AccessFact.ACCESS.write(said);

    assertTrue(
        text.startsWith(
            "{\"format\":1,\"version\":7,\"origin\":{\"file\":\"/etc/access.yaml\",\"owner\":\"anna\"},"),
        text);
    assertEquals(said, AccessFact.ACCESS.read(text));
    assertEquals(said.withVersion(8), said.after(said, 8));
    assertTrue(said.saysTheSameAs(settings(PLAIN)));
  }

  /** Consul takes half a megabyte. */
  @Test
  void json_tenThousandRules_fitIntoConsul() throws IOException {
    List<TopicRule> rules = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      rules.add(rule(i + 2, "plants/plant-" + i % 100 + "/devices/device-" + i + "/#"));
    }
    AccessSettings many =
        settings(rules.toArray(TopicRule[]::new)).from(new Origin("/etc/access.yaml", "anna"));

    assertTrue(AccessFact.ACCESS.write(many).length() < 512 << 10);
    assertEquals(many, writtenAndRead(many));
  }

  @Test
  void json_sectionOfALaterVersion_ignored() throws IOException {
    String later =
        AccessFact.ACCESS
            .write(settings(PLAIN))
            .replace("\"version\"", "\"authentication\":{\"chain\":[]},\"version\"");

    assertEquals(settings(PLAIN), AccessFact.ACCESS.read(later));
  }

  /** Without a condition that this version does not know it would allow more than it says. */
  @Test
  void json_conditionOfALaterVersion_refused() {
    String later =
        AccessFact.ACCESS.write(settings(PLAIN)).replace("\"topics\"", "\"hours\":[8],\"topics\"");

    IOException refusal = assertThrows(IOException.class, () -> AccessFact.ACCESS.read(later));
    assertEquals("a rule with 'hours', which this version does not know", refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "null | nothing about access, but null",
        "{\"format\":2} | access of format 2; this version reads format 1",
        "{\"format\":1,\"version\":0} | the version: no whole number from 1 on, but 0",
        "{\"format\":1,\"version\":1,\"rules\":7} | rules: no list, but 7",
        "{\"format\":1,\"version\":1,\"rules\":[]} | neither allow nor deny, but ''",
        "{\"format\":1,\"version\":1,\"default\":\"deny\",\"rules\":[{\"allow\":[\"see\"]}]}"
            + " | neither publish nor subscribe, but 'see'",
        "{\"format\":1,\"version\":1,\"default\":\"deny\",\"rules\":[{\"allow\":[\"publish\"]}]}"
            + " | a rule needs topics",
        "{\"format\":1,\"version\":1,\"packed\":\"!\"} | packed: no base64",
      })
  void json_thatCannotBe_refusedWithTheReason(String json, String reason) {
    IOException refusal = assertThrows(IOException.class, () -> AccessFact.ACCESS.read(json));
    assertEquals(reason, String.valueOf(refusal.getMessage()).strip());
  }

  @Test
  void after_isLater_alsoWhereClocksAreBehind() {
    AccessSettings next = AccessSettings.NONE.after(settings(PLAIN), 5);

    assertTrue(AccessFact.ACCESS.isLater(next, settings(PLAIN)));
    assertFalse(AccessFact.ACCESS.isLater(settings(PLAIN), next));
    assertEquals(1_000, settings(PLAIN).after(AccessSettings.NONE, 1_000).version());
  }
}
