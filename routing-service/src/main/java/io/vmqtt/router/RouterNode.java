package io.vmqtt.router;

import io.grpc.BindableService;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkFigures;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.router.config.RouterConfig;
import io.vmqtt.router.link.RouterRim;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One router, without the process around it. Whoever builds it serves {@link #services} over gRPC
 * and closes it at the end.
 */
public final class RouterNode implements AutoCloseable {
  private final RouterRim rim;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Builds and starts a router; it becomes ready when it is in sync with every origin.
   *
   * @param thread what it runs on, if that is the one thread that its links run on; null: a thread
   *     of its own
   */
  public RouterNode(
      RouterConfig config,
      Discovery discovery,
      ClusterFacts facts,
      Channels channels,
      LinkEnds ends,
      @Nullable Executor thread,
      MeterRegistry registry) {
    rim = new RouterRim(config, discovery, facts, channels, ends, thread, registry);
  }

  /** The gRPC services of a router. */
  public List<BindableService> services() {
    return List.of(rim.service());
  }

  /** What operators can ask of it. */
  public Answers answers() {
    return rim.answers();
  }

  /** Its links that are up. */
  public List<LinkFigures> links() {
    return rim.links();
  }

  /** True once it knows every route. */
  public boolean isReady() {
    return rim.isReady();
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      rim.close();
    }
  }
}
