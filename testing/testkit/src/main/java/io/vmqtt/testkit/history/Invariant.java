package io.vmqtt.testkit.history;

import java.util.List;

/** A promise that every history must keep. */
public interface Invariant {

  /** A sentence for each place where the history breaks the promise; none if it keeps it. */
  List<String> violations(History history);
}
