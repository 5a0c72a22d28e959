package io.vmqtt.registry.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.machine.LineFile;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.Deed;
import io.vmqtt.cluster.operation.RegistryOperations;
import io.vmqtt.cluster.option.OptionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators have done, or tried to: a line in the log for each, and one of JSON in a file of
 * its own where there is one; the latest are kept for whoever asks. Safe from any thread.
 */
public final class OperatorAudit implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("io.vmqtt.audit.operators");
  private static final long MAX_BYTES = 64L << 20;
  private static final int KEPT = 8;

  private final JsonMapper json = new JsonMapper();
  private final @Nullable LineFile lines;
  private final RecentDeeds recent;

  /**
   * Opens the file.
   *
   * @param registry the id of this one
   * @param file null: there is none
   * @throws OptionException if it cannot be written
   */
  public OperatorAudit(
      String registry, @Nullable Path file, InstantSource clock, MeterRegistry meters) {
    recent = new RecentDeeds(registry, clock);
    try {
      lines = file == null ? null : new LineFile("operator-audit", file, MAX_BYTES, KEPT);
    } catch (IOException e) {
      throw new OptionException("--operator-audit: " + e.getMessage());
    }
    if (lines != null) {
      FunctionCounter.builder("vmqtt.operators.audit.dropped", lines, LineFile::dropped)
          .description("what operators did that the file lacks")
          .register(meters);
    }
  }

  /**
   * Somebody has asked for something.
   *
   * @param operator who; what he says that he is behind a question mark, a dash where he says
   *     nothing
   * @param request its target, fit for a line
   */
  void did(String operator, String from, String method, String request, int status) {
    log.info(
        "operator={} from={} did=\"{} {}\" status={}", operator, from, method, request, status);
    Deed deed = recent.add(operator, from, method, request, status);
    LineFile present = lines;
    if (present != null) {
      ObjectNode line =
          json.createObjectNode()
              .put("time", deed.time())
              .put("event", "operator")
              .put("allowed", deed.allowed())
              .put("operator", operator)
              .put("from", from)
              .put("method", method)
              .put("request", request)
              .put("status", status);
      present.write(() -> (line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What other registries, and this one, ask of it. */
  public Answers answers() {
    return Answers.NONE.with(
        RegistryOperations.DEEDS, query -> CompletableFuture.completedFuture(recent.page(query)));
  }

  @Override
  public void close() {
    if (lines != null) {
      lines.close();
    }
  }
}
