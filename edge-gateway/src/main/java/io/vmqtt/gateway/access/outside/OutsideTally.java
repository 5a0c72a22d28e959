package io.vmqtt.gateway.access.outside;

/** What is counted of questions to somebody outside. From any thread. */
public interface OutsideTally {

  /** What came of a question. */
  enum Outcome {
    ANSWERED,
    FAILED,
    TIMED_OUT
  }

  /** Why one was not asked. */
  enum Refusal {
    /** Too many wait. */
    FULL,
    /** There were no answers lately. */
    DOWN
  }

  /** One is asked; {@link #ended} must follow. */
  void begun();

  /** It has an answer, or will never have one. */
  void ended(Outcome outcome, long nanos);

  /** One is not asked. */
  void refused(Refusal why);
}
