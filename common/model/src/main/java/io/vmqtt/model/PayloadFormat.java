package io.vmqtt.model;

/** What a publisher says of its payload. Source: MQTT 5.0, section 3.3.2.3.2. */
public enum PayloadFormat {
  UNSPECIFIED_BYTES(0),
  UTF_8_TEXT(1);

  private final int value;

  PayloadFormat(int value) {
    this.value = value;
  }

  /** The payload format indicator on the wire. */
  public int value() {
    return value;
  }
}
