package io.vmqtt.bench;

import com.hivemq.embedded.EmbeddedHiveMQ;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * HiveMQ Community Edition on a loopback port, with its defaults (file persistence, no limit on
 * connections, anonymous clients) and without its usage statistics.
 *
 * <p>Arguments: port, directory for its data. Runs until the process is told to end.
 */
public final class HivemqPeer {

  private static final String CONFIGURATION =
      """
      <hivemq>
        <listeners>
          <tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address></tcp-listener>
        </listeners>
        <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
      </hivemq>
      """;

  private HivemqPeer() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 2) {
      throw new IllegalArgumentException(
          "expected PORT DIRECTORY, got " + arguments.length + " arguments");
    }
    int port = Integer.parseInt(arguments[0]);
    Path directory = Path.of(arguments[1]).toAbsolutePath();
    Path configuration = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(configuration.resolve("config.xml"), CONFIGURATION.formatted(port));

    EmbeddedHiveMQ broker =
        EmbeddedHiveMQ.builder()
            .withConfigurationFolder(configuration)
            .withDataFolder(Files.createDirectories(directory.resolve("data")))
            .withExtensionsFolder(Files.createDirectories(directory.resolve("extensions")))
            .build();
    broker.start().join();
    new CountDownLatch(1).await();
  }
}
