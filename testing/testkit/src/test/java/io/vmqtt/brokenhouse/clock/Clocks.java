package io.vmqtt.brokenhouse.clock;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** Every class here but {@link Injected} reads a clock or throws dice of the system. */
final class Clocks {
  private Clocks() {}

  static final class SystemNanos {
    long read() {
      return System.nanoTime();
    }
  }

  static final class SystemMillis {
    long read() {
      return System.currentTimeMillis();
    }
  }

  static final class NanosByReference {
    LongSupplier read() {
      return System::nanoTime;
    }
  }

  static final class Now {
    Instant read() {
      return Instant.now();
    }
  }

  static final class ClockOfTheSystem {
    Clock read() {
      return Clock.systemUTC();
    }
  }

  static final class UnseededRandom {
    Random read() {
      return new Random();
    }
  }

  static final class ThreadsRandom {
    Random read() {
      return ThreadLocalRandom.current();
    }
  }

  static final class RandomId {
    UUID read() {
      return UUID.randomUUID();
    }
  }

  static final class Injected {
    Instant read(InstantSource time, Clock clock, Random dice) {
      return time.instant()
          .plusNanos(dice.nextLong())
          .plus(clock.instant().until(Instant.now(clock)));
    }

    Random seeded(long seed) {
      return new Random(seed);
    }
  }
}
