package io.vmqtt.faultydisk;

import java.util.Random;

/** What becomes of that which was never synced. */
public final class Luck {
  private final Random random;
  private final double kept;

  private Luck(Random random, double kept) {
    this.random = random;
    this.kept = kept;
  }

  /** Nothing that was not synced is there. */
  public static Luck none() {
    return new Luck(new Random(0), 0);
  }

  /** Some of it is there, in any order, and torn. */
  public static Luck some(long seed) {
    Random random = new Random(seed);
    return new Luck(random, random.nextDouble());
  }

  boolean keeps() {
    return kept > 0 && random.nextDouble() < kept;
  }

  boolean tears() {
    return random.nextBoolean();
  }

  /** How many of so many changes of names that follow one another. */
  int ofNames(int all) {
    return kept > 0 ? random.nextInt(all + 1) : 0;
  }
}
