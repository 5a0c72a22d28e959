package io.vmqtt.cluster.discovery;

/** Something that stands until it is closed. Closing it again does nothing. */
public interface Registration extends AutoCloseable {
  @Override
  void close();
}
