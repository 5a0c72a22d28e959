package io.vmqtt.store.storage;

/** The data folder cannot be used; the message is one line for the operator. */
public final class DataFolderException extends Exception {
  public DataFolderException(String message) {
    super(message);
  }
}
