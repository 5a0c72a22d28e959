package io.vmqtt.model;

/** A name and a value that mean something to the application only. MQTT 5.0, section 3.3.2.3.7. */
public record UserProperty(String name, String value) {
  /** About what one takes in memory beside its characters: the fewer these are, the more it is. */
  public static final int OBJECT_BYTES = 128;
}
