package io.vmqtt.testkit.history;

import java.util.List;

/** A promise that every history must keep. */
public interface Invariant {

  /** Each place where the history breaks the promise; none if it keeps it. */
  List<Violation> violations(History history);
}
