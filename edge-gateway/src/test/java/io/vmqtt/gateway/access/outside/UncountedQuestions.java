package io.vmqtt.gateway.access.outside;

/** Counts nothing. */
public final class UncountedQuestions implements OutsideTally {

  @Override
  public void begun() {}

  @Override
  public void ended(Outcome outcome, long nanos) {}

  @Override
  public void refused(Refusal why) {}
}
