package io.vmqtt.registry.membership;

import java.util.Optional;

/** Who leads. Questions may come from any thread. */
public interface Leadership {

  /** The id under which this registry stands. */
  String self();

  /** Whether this registry leads. */
  boolean isLeading();

  /** The id of the registry that leads, where one does and it is known. */
  Optional<String> leader();
}
