package io.vmqtt.faultydisk;

/** How a call fails; numbers are those of Linux. */
public enum DiskProblem {
  /** The disk could not: EIO. */
  BROKEN(5),
  /** No room left: ENOSPC. */
  FULL(28);

  private final int number;

  DiskProblem(int number) {
    this.number = number;
  }

  String number() {
    return Integer.toString(number);
  }
}
