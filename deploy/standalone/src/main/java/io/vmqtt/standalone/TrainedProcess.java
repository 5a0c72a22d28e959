package io.vmqtt.standalone;

import io.vmqtt.standalone.training.TrainingCluster;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What {@code vmqtt train} has a JVM watch: a broker that is one process, and beside it what the
 * roles of a cluster do.
 */
final class TrainedProcess {
  private static final int OWN_ARGUMENTS = 2;

  private TrainedProcess() {}

  /**
   * The MQTT port of the cluster, the folder of its stores, and then the command line of the
   * broker.
   */
  public static void main(String[] args) throws Exception {
    TrainingCluster cluster = new TrainingCluster(Path.of(args[1]), Integer.parseInt(args[0]));
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop-cluster").unstarted(cluster::close));
    cluster.awaitReady();
    Vmqtt.main(Arrays.copyOfRange(args, OWN_ARGUMENTS, args.length));
  }
}
