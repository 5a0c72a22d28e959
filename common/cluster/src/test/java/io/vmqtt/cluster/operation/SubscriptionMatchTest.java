package io.vmqtt.cluster.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SubscriptionMatchTest {
  private static SubscriptionMatch of(String topic, String... filters) {
    return SubscriptionMatch.of(
        topic,
        Stream.of(filters)
            .map(filter -> new SessionView.SubscriptionInfo(filter, 1, false, false, 0))
            .toList());
  }

  private static List<String> matching(SubscriptionMatch match) {
    return match.matching().stream().map(SessionView.SubscriptionInfo::filter).toList();
  }

  @Test
  void of_someMatch_thoseAndNoNearest() {
    SubscriptionMatch match = of("a/b", "a/+", "$share/g/a/#", "a/c");

    assertEquals(3, match.subscriptions());
    assertEquals(List.of("a/+", "$share/g/a/#"), matching(match));
    assertEquals(List.of(), match.nearest());
  }

  @Test
  void of_noneMatches_threeThatGoAlongTheFarthest() {
    SubscriptionMatch match = of("plant/a/temp", "plant/b/temp", "plant/a/+/x", "+/a/press", "x");

    assertEquals(List.of(), matching(match));
    assertEquals(List.of("plant/a/+/x", "+/a/press", "plant/b/temp"), match.nearest());
  }

  @Test
  void of_manyMatch_aHundredAreTold() {
    SubscriptionMatch match =
        of(
            "a",
            IntStream.range(0, 200)
                .mapToObj(group -> "$share/g" + group + "/a")
                .toArray(String[]::new));

    assertEquals(200, match.subscriptions());
    assertEquals(100, match.matching().size());
  }
}
