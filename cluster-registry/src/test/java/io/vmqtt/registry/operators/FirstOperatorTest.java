package io.vmqtt.registry.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.operation.OperationKey;
import io.vmqtt.cluster.operation.OperationKeyFact;
import io.vmqtt.cluster.operators.Operators;
import io.vmqtt.cluster.operators.OperatorsFact;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FirstOperatorTest {
  private final EmbeddedClusterFacts facts = new EmbeddedClusterFacts(Runnable::run);
  private final AtomicReference<@Nullable OperationKey> key = new AtomicReference<>();
  private final AtomicReference<@Nullable Operators> operators = new AtomicReference<>();

  private void follow() {
    var _ = facts.of(OperationKeyFact.OPERATION_KEY).watch(key::set);
    var _ = facts.of(OperatorsFact.OPERATORS).watch(operators::set);
  }

  /** What a registry does that begins to lead, to the end. */
  private void elect(boolean makesOperator) throws Exception {
    ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
    try (FirstOperator elected = new FirstOperator(facts, makesOperator, worker)) {
      elected.elected();
      worker.submit(() -> {}).get();
    }
  }

  @Test
  void elected_whereThereIsNobody_makesOneAndLeavesHimAlone() throws Exception {
    follow();
    elect(true);
    Operators made = operators.get();
    OperationKey madeKey = key.get();
    assertNotNull(made);
    assertNotNull(madeKey);

    elect(true);
    assertEquals(made, operators.get());
    assertEquals(madeKey, key.get());
  }

  @Test
  void elected_whereAFileNamesThem_makesAKeyAlone() throws Exception {
    follow();
    elect(false);
    assertNotNull(key.get());
    assertEquals(null, operators.get());
  }
}
