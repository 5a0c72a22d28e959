package io.vmqtt.store.storage;

/** The disk, or what is on it, fails the store. */
public final class StorageException extends RuntimeException {
  public StorageException(String message) {
    super(message);
  }

  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
