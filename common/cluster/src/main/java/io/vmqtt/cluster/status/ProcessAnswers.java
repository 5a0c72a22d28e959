package io.vmqtt.cluster.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.inspection.Diagnostics;
import io.vmqtt.cluster.inspection.Dumps;
import io.vmqtt.cluster.inspection.ProcessLog;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.NodeConfiguration;
import io.vmqtt.cluster.operation.NodeOperations;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What this process can be asked whatever its roles are; the same for all of its nodes. */
@Singleton
final class ProcessAnswers {
  private final ProcessLog log = ProcessLog.ofThisProcess();
  private final Dumps dumps = Dumps.inTemporaryFiles();
  private final NodeConfiguration configuration;
  private final MeterRegistry meters;

  /**
   * @param configuration null: nobody has read any, as where a test puts beans together
   */
  ProcessAnswers(@Nullable NodeConfiguration configuration, MeterRegistry meters) {
    this.configuration = configuration == null ? new NodeConfiguration(List.of()) : configuration;
    this.meters = meters;
  }

  /**
   * @param status of its nodes
   */
  Answers with(Supplier<List<NodeReport>> status) {
    Diagnostics diagnostics = new Diagnostics(dumps, status, configuration, log::levels, meters);
    return Answers.NONE
        .with(NodeOperations.CONFIGURATION, _ -> CompletableFuture.completedFuture(configuration))
        .with(NodeOperations.LOG_LEVELS, _ -> CompletableFuture.completedFuture(log.levels()))
        .with(
            NodeOperations.SET_LOG_LEVELS,
            change -> CompletableFuture.completedFuture(log.change(change)))
        .with(NodeOperations.THREAD_DUMP, dumps::threads)
        .with(NodeOperations.HEAP_DUMP, dumps::heap)
        .with(NodeOperations.FLIGHT_RECORDING, dumps::recording)
        .with(NodeOperations.DIAGNOSTICS, diagnostics::open);
  }
}
