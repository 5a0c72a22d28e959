package io.vmqtt.cluster.operation;

import java.time.Instant;
import java.util.Comparator;

/**
 * Where a deed stands among all, the latest first.
 *
 * @param time as of {@link Deed}
 * @param registry the same
 * @param number the same
 */
public record DeedPlace(String time, String registry, long number)
    implements Comparable<DeedPlace> {
  private static final Comparator<DeedPlace> LATEST_FIRST =
      Comparator.comparing((DeedPlace place) -> Instant.parse(place.time))
          .thenComparing(DeedPlace::registry)
          .thenComparingLong(DeedPlace::number)
          .reversed();

  /**
   * Checks that it is a time.
   *
   * @throws java.time.format.DateTimeParseException if it is none
   */
  public DeedPlace {
    Instant.parse(time);
  }

  @Override
  public int compareTo(DeedPlace other) {
    return LATEST_FIRST.compare(this, other);
  }
}
