package io.vmqtt.simulation.cluster;

/**
 * What is wrong with a cluster on purpose: a simulation that does not find it out finds nothing.
 */
public enum Flaw {
  NONE,
  /** A leader calls committed what it alone has. */
  ACKNOWLEDGES_BEFORE_COMMIT,
  /** A replica says that it has what it has written, and not synced yet. */
  ACKNOWLEDGES_BEFORE_SYNC,
  /** Who reads a retained message gets the one before. */
  READS_WHAT_WAS_BEFORE,
  /** The tables of one store now and then lack a change of an entry. */
  LOSES_CHANGES
}
