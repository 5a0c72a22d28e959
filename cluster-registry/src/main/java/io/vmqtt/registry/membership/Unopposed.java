package io.vmqtt.registry.membership;

import java.util.Optional;

/** The only registry there is: it leads as soon as it is told to. */
public final class Unopposed implements Leadership {
  private final String self;
  private volatile boolean leading;

  public Unopposed(String self) {
    this.self = self;
  }

  /** Has it lead from now on; what comes after the first time changes nothing. */
  public synchronized void lead(Candidate candidate) {
    if (!leading) {
      leading = true;
      candidate.elected();
    }
  }

  @Override
  public String self() {
    return self;
  }

  @Override
  public boolean isLeading() {
    return leading;
  }

  @Override
  public Optional<String> leader() {
    return leading ? Optional.of(self) : Optional.empty();
  }
}
