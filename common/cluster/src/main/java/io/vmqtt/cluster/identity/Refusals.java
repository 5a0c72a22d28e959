package io.vmqtt.cluster.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.regex.Pattern;
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
  private static final int MOST_LETTERS = 300;

  /** What would end a line, or do worse on a terminal. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private final Cache<String, Boolean> said =
      Caffeine.newBuilder().expireAfterWrite(SAID_AGAIN).build();

  /** A line for the log. What is in it may be a stranger's word: a long one is cut. */
  public void say(String words) {
    String line =
        CONTROL.matcher(words.substring(0, Math.min(words.length(), MOST_LETTERS))).replaceAll("?");
    if (said.estimatedSize() < MOST_A_MINUTE
        && said.asMap().putIfAbsent(line, Boolean.TRUE) == null) {
      log.warn("{}", line);
    } else {
      said.cleanUp();
      log.debug("{}", line);
    }
  }
}
