package io.vmqtt.simulation;

/** What may befall a simulated cluster. */
enum Fault {
  /** A process is killed; another one takes its place after a while. */
  KILL,
  /** The machine of a store loses its power for a while: what was not synced is gone. */
  POWER_OFF,
  /** The same for every store, at one moment. */
  POWER_OFF_ALL,
  /** A process does nothing for a while. */
  PAUSE,
  /** A machine is cut off from all others, and from clients, for a while. */
  UNPLUG,
  /** Nothing passes between two machines for a while. */
  CUT,
  /** Nothing passes from one machine to another for a while, but the other way round. */
  CUT_ONE_WAY,
  /** A client's connection breaks, and its gateway notices late. */
  DROP_CLIENT,
  /** A shard gets another leader. */
  TRANSFER,
  /** The clock of a store's machine jumps. */
  SET_CLOCK
}
