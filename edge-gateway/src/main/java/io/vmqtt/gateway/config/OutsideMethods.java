package io.vmqtt.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who outside of this process is asked about clients.
 *
 * @param asked in this order
 * @param timeout how long a question may take
 * @param atOnce questions to each of them that may be under way
 * @param remembered how long whom they have let in comes in again without a question; zero: never
 */
public record OutsideMethods(List<Asked> asked, Duration timeout, int atOnce, Duration remembered) {
  /** Nobody. */
  public static final OutsideMethods NONE =
      new OutsideMethods(List.of(), Duration.ofSeconds(2), 16, Duration.ZERO);

  public OutsideMethods {
    asked = List.copyOf(asked);
  }

  /** One of them. */
  public sealed interface Asked {}

  /**
   * A service that answers by HTTP.
   *
   * @param headers file with headers to send; null: none
   * @param body file with the JSON to send; null: everything that is known
   * @param authorities file with certificates; null: those that the JDK believes
   */
  public record Http(
      URI uri, @Nullable Path headers, @Nullable Path body, @Nullable Path authorities)
      implements Asked {}
}
