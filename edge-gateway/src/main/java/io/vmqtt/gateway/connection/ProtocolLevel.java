package io.vmqtt.gateway.connection;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Versions of MQTT as CONNECT names them; what they are to a connection is its version. */
public enum ProtocolLevel {
  MQTT_3_1(3, "3.1"),
  MQTT_3_1_1(4, "3.1.1"),
  MQTT_5(5, "5");

  /** All that there are. */
  public static final Set<ProtocolLevel> ALL = Set.copyOf(EnumSet.allOf(ProtocolLevel.class));

  private final int number;
  private final String words;

  ProtocolLevel(int number, String words) {
    this.number = number;
    this.words = words;
  }

  /** The one with that number in CONNECT. */
  public static Optional<ProtocolLevel> of(int number) {
    return Stream.of(values()).filter(level -> level.number == number).findFirst();
  }

  /** The one that people call that, such as {@code 3.1.1}. */
  public static Optional<ProtocolLevel> named(String words) {
    return Stream.of(values()).filter(level -> level.words.equals(words)).findFirst();
  }

  /** What people call it, such as {@code 3.1.1}. */
  public String words() {
    return words;
  }

  /** How a connection of such a client works. */
  public ProtocolVersion version() {
    return this == MQTT_5 ? ProtocolVersion.V5 : ProtocolVersion.V3;
  }

  /** Whether CONNACK says if there was a session: MQTT 3.1 has no room for that. */
  public boolean tellsSessionPresent() {
    return this != MQTT_3_1;
  }
}
