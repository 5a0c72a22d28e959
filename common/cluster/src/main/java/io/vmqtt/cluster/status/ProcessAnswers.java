package io.vmqtt.cluster.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.BeanProvider;
import io.vmqtt.cluster.inspection.Diagnostics;
import io.vmqtt.cluster.inspection.Dumps;
import io.vmqtt.cluster.inspection.LiveConfiguration;
import io.vmqtt.cluster.inspection.ProcessLog;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.NodeConfiguration;
import io.vmqtt.cluster.operation.NodeOperations;
import io.vmqtt.cluster.option.LiveOption;
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
  private final LiveConfiguration configuration;
  private final MeterRegistry meters;

  /**
   * @param configuration null: nobody has read any, as where a test puts beans together
   * @param live what can change of it
   */
  ProcessAnswers(
      @Nullable NodeConfiguration configuration,
      BeanProvider<LiveOption> live,
      MeterRegistry meters) {
    this.configuration =
        new LiveConfiguration(
            configuration == null ? new NodeConfiguration(List.of()) : configuration,
            () -> live.stream().toList());
    this.meters = meters;
  }

  /**
   * @param status of its nodes
   */
  Answers with(Supplier<List<NodeReport>> status) {
    Diagnostics diagnostics =
        new Diagnostics(dumps, status, configuration::now, log::levels, meters);
    return Answers.NONE
        .with(
            NodeOperations.CONFIGURATION,
            _ -> CompletableFuture.completedFuture(configuration.now()))
        .with(
            NodeOperations.SET_CONFIGURATION,
            change -> CompletableFuture.completedFuture(configuration.change(change)))
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
