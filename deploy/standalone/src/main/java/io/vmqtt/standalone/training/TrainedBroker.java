package io.vmqtt.standalone.training;

import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker in a JVM of its own, and a cluster beside it, which writes down at its end what it has
 * learned.
 */
final class TrainedBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TrainedBroker.class);
  private static final String HERE = "127.0.0.1";
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);

  /** It puts together what it has learned after the broker has stopped. */
  private static final Duration END_PATIENCE = Duration.ofMinutes(5);

  private static final int SHOWN_LINES = 20;

  private final Process process;
  private final InetSocketAddress mqtt;
  private final InetSocketAddress clusterMqtt;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final Thread reader;

  /**
   * Starts it with the options of this JVM.
   *
   * @param mainClass takes the MQTT port of the cluster, a folder for its stores, and then the
   *     command line of the broker
   * @param cache file that its JVM writes at its end
   * @param folder of its own, for all data
   */
  TrainedBroker(Class<?> mainClass, Path cache, Path folder) throws IOException, StartException {
    mqtt = free();
    clusterMqtt = free();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-XX:AOT") && !option.startsWith("-agent"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-XX:AOTCacheOutput=" + cache,
            "-cp",
            System.getProperty("java.class.path"),
            mainClass.getName(),
            Integer.toString(clusterMqtt.getPort()),
            folder.resolve("cluster").toString(),
            "standalone",
            "--port",
            Integer.toString(mqtt.getPort()),
            "--http-port",
            Integer.toString(RoleProcess.freePort(HERE)),
            "--data",
            folder.resolve("data").toString()));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    reader = Thread.ofPlatform().name("trained-broker").daemon().start(this::read);
  }

  private static InetSocketAddress free() throws StartException {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), RoleProcess.freePort(HERE));
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        keep(line);
        if (line.equals("ready")) {
          ready.countDown();
        }
      }
    } catch (IOException e) {
      log.debug("the output of the trained broker ends", e);
    } finally {
      ready.countDown();
    }
  }

  private synchronized void keep(String line) {
    if (lastLines.size() == SHOWN_LINES) {
      lastLines.removeFirst();
    }
    lastLines.addLast(line);
  }

  /** Where the broker takes clients, and where the cluster does. */
  List<InetSocketAddress> mqtt() {
    return List.of(mqtt, clusterMqtt);
  }

  /** Waits until it serves. */
  void awaitReady() throws IOException, InterruptedException {
    if (!ready.await(START_PATIENCE.toSeconds(), TimeUnit.SECONDS) || !process.isAlive()) {
      throw new IOException("the broker to train did not start; it said\n" + lastLines());
    }
  }

  /** Stops it, and waits until its JVM has written the file. */
  void stop(Path cache) throws IOException, InterruptedException {
    process.toHandle().destroy(); // Process.destroy() would close the pipe that it writes to.
    if (!process.waitFor(END_PATIENCE)) {
      throw new IOException("the trained broker did not end; it said\n" + lastLines());
    }
    reader.join();
    if (!Files.exists(cache)) {
      throw new IOException("the JVM wrote no " + cache + "; it said\n" + lastLines());
    }
  }

  private synchronized String lastLines() {
    return String.join("\n", lastLines);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
