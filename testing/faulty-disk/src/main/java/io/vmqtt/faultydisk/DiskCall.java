package io.vmqtt.faultydisk;

/** A call that can be made to fail. */
public enum DiskCall {
  WRITE("write"),
  SYNC("sync");

  private final String word;

  DiskCall(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
