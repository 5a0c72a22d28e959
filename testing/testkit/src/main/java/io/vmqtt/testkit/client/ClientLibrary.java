package io.vmqtt.testkit.client;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The clients that tests speak MQTT with: two libraries, two versions of MQTT each. */
public enum ClientLibrary {
  HIVEMQ_3,
  HIVEMQ_5,
  PAHO_3,
  PAHO_5;

  /** Held, so that its level stays: Paho prints a stack trace for each connection that breaks. */
  private static final Logger PAHO_LOG = Logger.getLogger("org.eclipse.paho");

  static {
    PAHO_LOG.setLevel(Level.OFF);
  }

  /** A client that is not connected yet. */
  public RecordingClient create(ClientSettings settings) {
    if (settings.sockets() != null && this != PAHO_3 && this != PAHO_5) {
      throw new IllegalArgumentException(this + " has no sockets but its own");
    }
    return switch (this) {
      case HIVEMQ_3 -> new HivemqV3Client(settings);
      case HIVEMQ_5 -> new HivemqV5Client(settings);
      case PAHO_3 -> new PahoV3Client(settings);
      case PAHO_5 -> new PahoV5Client(settings);
    };
  }

  /** Whether it speaks MQTT 5 and not 3.1.1. */
  public boolean isMqtt5() {
    return this == HIVEMQ_5 || this == PAHO_5;
  }
}
