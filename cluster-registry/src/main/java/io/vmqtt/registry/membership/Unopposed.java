package io.vmqtt.registry.membership;

import java.util.Optional;

/** The only registry there is: it leads as soon as it is told to. */
public final class Unopposed extends Candidacy {
  public Unopposed(String self) {
    super(self);
  }

  /** Has it lead from now on; what comes after the first time changes nothing. */
  public synchronized void lead(Candidate candidate) {
    if (setLeading(true)) {
      candidate.elected();
    }
  }

  @Override
  public Optional<String> leader() {
    return isLeading() ? Optional.of(self()) : Optional.empty();
  }
}
