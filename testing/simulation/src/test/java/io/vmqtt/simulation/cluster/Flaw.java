package io.vmqtt.simulation.cluster;

/**
 * What is wrong with a cluster on purpose: a simulation that does not find it out finds nothing.
 */
public enum Flaw {
  NONE,
  /** A leader calls committed what it alone has. */
  ACKNOWLEDGES_BEFORE_COMMIT,
  /** Who reads a retained message gets the one before. */
  READS_WHAT_WAS_BEFORE,
  /** The tables of one store now and then lack a change of an entry. */
  LOSES_CHANGES
}
