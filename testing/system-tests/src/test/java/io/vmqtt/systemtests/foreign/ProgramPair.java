package io.vmqtt.systemtests.foreign;

import static org.awaitility.Awaitility.await;

import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.Address;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Two programs: a publisher that is given line by line what to publish, and a subscriber that
 * prints a line for each message.
 */
final class ProgramPair extends Pair {
  /** The one for which Debian has Paho's library, whatever others are on the path. */
  private static final String PYTHON = "/usr/bin/python3";

  private static final Path SCRIPTS = Path.of("src", "test", "resources", "foreign");

  /** The folder of Node.js modules that has MQTT.js; null: there is none. */
  private static final @Nullable String MODULES = System.getenv("VMQTT_NODE_MODULES");

  private final Path printed;
  private final Process publisher;
  private final Process subscriber;

  /** How to call a program of either side. */
  @FunctionalInterface
  private interface Call {
    List<String> of(boolean publishes, String clientId, String topic);
  }

  private ProgramPair(String kind, Path folder, Call call) {
    super(kind);
    this.printed = folder.resolve(kind + "-subscriber.txt");
    this.subscriber = started(call.of(false, subscriber(), subscriber()), printed);
    this.publisher =
        started(call.of(true, publisher(), subscriber()), folder.resolve(kind + "-publisher.txt"));
  }

  /** All that can be had on this machine. */
  static List<ProgramPair> all(Address broker, Path folder) {
    List<ProgramPair> pairs = new ArrayList<>();
    if (hasMosquitto()) {
      pairs.add(mosquitto("311", broker, folder));
      pairs.add(mosquitto("5", broker, folder));
    }
    if (hasMqttJs()) {
      pairs.add(script("MQTT_JS_4", broker, folder, "node", "mqtt.js", "4"));
      pairs.add(script("MQTT_JS_5", broker, folder, "node", "mqtt.js", "5"));
    }
    if (hasPahoPython()) {
      pairs.add(script("PAHO_PYTHON_4", broker, folder, PYTHON, "paho-python.py", "4"));
      pairs.add(script("PAHO_PYTHON_5", broker, folder, PYTHON, "paho-python.py", "5"));
    }
    return pairs;
  }

  /** What this machine lacks for all of them. */
  static List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (!hasMosquitto()) {
      missing.add("mosquitto_pub and mosquitto_sub on the path");
    }
    if (!hasMqttJs()) {
      missing.add("node on the path, and the module mqtt in the folder VMQTT_NODE_MODULES");
    }
    if (!hasPahoPython()) {
      missing.add("the module paho.mqtt of " + PYTHON);
    }
    return missing;
  }

  private static boolean hasMosquitto() {
    return isOnPath("mosquitto_pub") && isOnPath("mosquitto_sub");
  }

  private static boolean hasMqttJs() {
    return isOnPath("node") && MODULES != null && Files.isDirectory(Path.of(MODULES, "mqtt"));
  }

  private static boolean hasPahoPython() {
    try {
      List<String> command = List.of(PYTHON, "-c", "import paho.mqtt.client");
      return Command.await(new ProcessBuilder(command), "").exitCode() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv("PATH");
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(path == null ? "" : path)
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /**
   * In MQTT 5 with a receive maximum beyond what the test can use up: a repeated PUBLISH costs one
   * of them for ever, and without any left {@code mosquitto_sub} ends.
   */
  private static ProgramPair mosquitto(String version, Address broker, Path folder) {
    return new ProgramPair(
        "MOSQUITTO_" + version,
        folder,
        (publishes, id, topic) -> {
          List<String> command = new ArrayList<>();
          command.addAll(
              publishes ? List.of("mosquitto_pub", "-l") : List.of("mosquitto_sub", "-F", "%p"));
          command.addAll(List.of("-h", broker.host(), "-p", String.valueOf(broker.port())));
          command.addAll(List.of("-V", version, "-i", id, "-t", topic, "-q", "2", "-c"));
          if (version.equals("5")) {
            command.addAll(List.of("-x", "3600", "-D", "connect", "receive-maximum", "65535"));
          }
          return command;
        });
  }

  private static ProgramPair script(
      String kind, Address broker, Path folder, String program, String script, String version) {
    return new ProgramPair(
        kind,
        folder,
        (publishes, id, topic) ->
            List.of(
                program,
                SCRIPTS.resolve(script).toString(),
                publishes ? "publish" : "subscribe",
                version,
                broker.host(),
                String.valueOf(broker.port()),
                id,
                topic));
  }

  private static Process started(List<String> command, Path output) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    if (MODULES != null) {
      builder.environment().put("NODE_PATH", MODULES);
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command, e);
    }
  }

  @Override
  void publish() {
    try (OutputStream lines = publisher.getOutputStream()) {
      for (int sequence = 1; !isStopped(); sequence++) {
        lines.write((kind() + ":" + sequence + "\n").getBytes(StandardCharsets.UTF_8));
        lines.flush();
        keepPace(sequence);
      }
      await().forever().until(() -> !publisher.isAlive()); // its input ends with it
    } catch (IOException e) {
      // The publisher is gone: what it has sent is in the capture.
    }
  }

  @Override
  List<String> handedOver() {
    try {
      List<String> lines = Files.readAllLines(printed);
      if (!subscriber.isAlive() && !isStopped()) {
        throw new IllegalStateException(
            kind() + "'s subscriber has ended: " + (lines.isEmpty() ? "" : lines.getLast()));
      }
      return lines.stream().filter(line -> line.startsWith(kind() + ":")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    super.close();
    publisher.destroyForcibly();
    subscriber.destroyForcibly();
  }
}
