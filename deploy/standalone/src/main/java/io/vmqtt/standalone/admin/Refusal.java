package io.vmqtt.standalone.admin;

import java.io.IOException;

/** The API has said no, or nothing. */
final class Refusal extends IOException {
  private static final long serialVersionUID = 1L;

  /** The exit code where what was asked for is not there, or may not be. */
  static final int REFUSED = 1;

  /** The exit code where nobody answers. */
  static final int UNREACHABLE = 3;

  /** The exit code where the command cannot be meant so. */
  static final int WRONG = 2;

  private static final int BAD_REQUEST = 400;
  private static final int SERVER_ERRORS = 500;

  private final int exitCode;

  Refusal(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  /** What a status of HTTP says. */
  static int exitCodeOf(int status) {
    return status >= SERVER_ERRORS ? UNREACHABLE : status == BAD_REQUEST ? WRONG : REFUSED;
  }

  int exitCode() {
    return exitCode;
  }
}
