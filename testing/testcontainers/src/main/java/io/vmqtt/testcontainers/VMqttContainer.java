package io.vmqtt.testcontainers;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * A whole broker in a container, {@code vmqtt standalone}, that has started when it serves. Whoever
 * names no user may come in, until {@link #withPasswords} says who may.
 *
 * <pre>{@code
 * try (VMqttContainer broker = new VMqttContainer(DockerImageName.parse("vmqtt:0.1.0"))) {
 *   broker.start();
 *   connect(broker.getHost(), broker.mqttPort());
 * }
 * }</pre>
 */
public final class VMqttContainer extends GenericContainer<VMqttContainer> {
  private static final int MQTT_PORT = 1883;
  private static final int HTTP_PORT = 8090;
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final String PASSWORDS = "/etc/vmqtt/test-passwords";

  /**
   * A broker with the options of its image.
   *
   * @param image such as {@code docker compose build} makes in {@code deploy/compose}
   */
  public VMqttContainer(DockerImageName image) {
    super(image);
    withExposedPorts(MQTT_PORT, HTTP_PORT);
    withCommand("standalone");
    withOption("host", "0.0.0.0");
    withOption("allow-anonymous", "true");
    waitingFor(
        Wait.forHttp("/health/readiness").forPort(HTTP_PORT).withStartupTimeout(START_PATIENCE));
  }

  /**
   * Tells the broker something.
   *
   * @param option as on its command line, without the dashes: {@code max-packet-size}
   * @param value as there: {@code 1M}
   */
  public VMqttContainer withOption(String option, String value) {
    return withEnv("VMQTT_" + option.toUpperCase(Locale.ROOT).replace('-', '_'), value);
  }

  /**
   * Lets in those alone who know a password.
   *
   * @param file as {@code vmqtt passwd} writes it
   */
  public VMqttContainer withPasswords(MountableFile file) {
    withCopyFileToContainer(file, PASSWORDS);
    withOption("allow-anonymous", "false");
    return withOption("passwords", PASSWORDS);
  }

  /** Where it takes clients, on {@link #getHost()}. */
  public int mqttPort() {
    return getMappedPort(MQTT_PORT);
  }

  /** Its page, API and metrics. */
  public URI http() {
    return URI.create("http://" + getHost() + ':' + getMappedPort(HTTP_PORT));
  }
}
