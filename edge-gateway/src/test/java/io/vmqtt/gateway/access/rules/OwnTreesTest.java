package io.vmqtt.gateway.access.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OwnTreesTest {
  private static final Identity CLIENT = new Identity(Namespace.NAMELESS, "c", null, null, null);

  /** Enough to see, beside what else takes memory meanwhile. */
  private static final long MEASURED_BYTES = 48L << 20;

  /** Rules of which one thing is as large as it may be, and no two alike. */
  enum Kind {
    LONG_LEVELS {
      @Override
      String rules(int number) {
        return "[{\"allow\":\"publish\",\"topics\":\"" + number + "x".repeat(15_000) + "\"}]";
      }
    },
    MANY_LEVELS {
      @Override
      String rules(int number) {
        return "[{\"allow\":\"publish\",\"topics\":\"" + number + "/".repeat(400) + "\"}]";
      }
    },
    MANY_NODES {
      @Override
      String rules(int number) {
        return IntStream.range(0, 90)
            .mapToObj(
                i ->
                    "{\"allow\":[\"publish\",\"subscribe\"],\"topics\":\"%d/%d/a/b/c/d/e/#\"}"
                        .formatted(number, i))
            .collect(Collectors.joining(",", "[", "]"));
      }
    },
    MANY_NAMES {
      @Override
      String rules(int number) {
        return IntStream.range(0, 1_000)
            .mapToObj(i -> "\"user-" + i + '"')
            .collect(
                Collectors.joining(
                    ",",
                    "[{\"allow\":\"publish\",\"topics\":\"" + number + "\",\"users\":[",
                    "]}]"));
      }
    },
    SMALL {
      @Override
      String rules(int number) {
        return "[{\"deny\":\"publish\",\"topics\":\"" + number + "\"}]";
      }
    };

    abstract String rules(int number);

    OwnRules own(int number) {
      return OwnRules.read(rules(number));
    }
  }

  private static OwnRules own(int number) {
    return Kind.SMALL.own(number);
  }

  /** Weighed too lightly they would take more than there is, too heavily nothing would be kept. */
  @ParameterizedTest
  @EnumSource
  void bytes_ofEachKind_areAboutWhatIsTaken(Kind kind) {
    List<Object> kept = new ArrayList<>();
    long weighed = 0;
    long before = usedBytes();
    for (int i = 0; weighed < MEASURED_BYTES; i++) {
      OwnRules own = kind.own(i);
      CompiledRules trees = new CompiledRules(own);
      weighed += OwnRulesWeight.bytes(own, trees);
      kept.add(own);
      kept.add(trees);
    }

    long taken = usedBytes() - before;

    String both = kept.size() / 2 + " are weighed " + weighed + " and take " + taken;
    assertTrue(taken < weighed * 5 / 4, both);
    assertTrue(taken > weighed / 4, both);
  }

  private static long usedBytes() {
    for (int i = 0; i < 3; i++) {
      ManagementFactory.getMemoryMXBean().gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** What nobody has asked for lately goes, before all of them take too much. */
  @ParameterizedTest
  @EnumSource(names = {"LONG_LEVELS", "MANY_LEVELS"})
  void of_moreThanAreKept_someAreForgotten(Kind kind) {
    OwnTrees trees = new OwnTrees();
    OwnRules first = kind.own(0);
    int each = OwnRulesWeight.bytes(first, trees.of(first));
    int count = 2 * OwnTrees.MOST_BYTES / each;
    for (int i = 1; i < count; i++) {
      var _ = trees.of(kind.own(i));
    }

    assertEquals(count, trees.compiled());
    assertTrue(trees.bytes() <= OwnTrees.MOST_BYTES, () -> trees.bytes() + " bytes");
    assertTrue(trees.known() < count * 2 / 3, () -> trees.known() + " are known");
    assertTrue(trees.known() > count / 4, () -> trees.known() + " are known");
  }

  @Test
  void find_compiled_isThatOne() {
    OwnTrees trees = new OwnTrees();
    assertNull(trees.find(own(1)));

    CompiledRules made = trees.of(own(1));

    assertSame(made, trees.find(own(1)));
    assertSame(made, trees.of(own(1)));
    assertEquals(1, trees.compiled());
    assertFalse(made.of(CLIENT).publish("1", Qos.AT_MOST_ONCE, false).isAllowed());
  }

  /** Event loops ask for what lies beside it, and have to tidy up for that. */
  @Test
  void of_whileOneIsCompiled_othersComeAndGoAndTheSameIsCompiledOnce() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    OwnRules slow = own(-1);
    OwnTrees trees =
        new OwnTrees(
            own -> {
              if (own.equals(slow)) {
                begun.countDown();
                awaited(mayGoOn);
              }
              return new CompiledRules(own);
            });
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<CompiledRules> one = threads.submit(() -> trees.of(slow));
      awaited(begun);
      Future<CompiledRules> same = threads.submit(() -> trees.of(slow));
      Future<?> others =
          threads.submit(
              () -> {
                for (int i = 0; i < 30_000; i++) {
                  var _ = trees.of(own(i));
                }
              });

      assertNull(others.get(30, TimeUnit.SECONDS));
      assertNull(trees.find(slow));
      assertEquals(30_001, trees.compiled());
      mayGoOn.countDown();
      assertSame(one.get(20, TimeUnit.SECONDS), same.get(20, TimeUnit.SECONDS));
      assertEquals(30_001, trees.compiled());
    } finally {
      mayGoOn.countDown();
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
