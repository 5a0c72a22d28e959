package io.vmqtt.cluster.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who was refused, and by whom this process was. Whoever is refused tries again, several times
 * a second, so the same is said once a minute; and strangers can make only so many lines. Safe from
 * any thread.
 */
public final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);
  private static final Duration SAID_AGAIN = Duration.ofMinutes(1);
  private static final int MOST_A_MINUTE = 100;

  private final Cache<String, Boolean> said =
      Caffeine.newBuilder().expireAfterWrite(SAID_AGAIN).build();

  /** A line for the log. */
  public void say(String line) {
    if (said.estimatedSize() < MOST_A_MINUTE
        && said.asMap().putIfAbsent(line, Boolean.TRUE) == null) {
      log.warn("{}", line);
    } else {
      said.cleanUp();
      log.debug("{}", line);
    }
  }
}
