package io.vmqtt.store.host;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.store.host.ColdFiles.Check;
import io.vmqtt.store.host.ColdFiles.ColdFile;
import io.vmqtt.store.storage.Damage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ScrubTest {
  private static final int BYTES = 1 << 20;

  @TempDir private Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BlockingQueue<String> found = new LinkedBlockingQueue<>();

  private Scrub scrub(long rate, ColdFile... files) {
    Scrub scrub =
        new Scrub(
            rate,
            Duration.ZERO,
            () -> List.of(files),
            (shard, damage) -> found.add(shard + " " + damage));
    scrub.meter(meters);
    scrub.start();
    return scrub;
  }

  private ColdFile file(String name, Check check) throws IOException {
    return ColdFile.of(3, Files.write(folder.resolve(name), new byte[BYTES]), check);
  }

  private static List<Damage> bad(Path file) {
    return List.of(new Damage(file, "is bad"));
  }

  private double bytes() {
    return meters.get("vmqtt.store.scrub.bytes").functionCounter().count();
  }

  private double figure(String name) {
    return meters.get("vmqtt.store.scrub." + name).gauge().value();
  }

  @Test
  void round_damagedFile_isNamedWithItsShardAndCounted() throws Exception {
    ColdFile good = file("good", _ -> List.of());
    ColdFile bad = file("bad", ScrubTest::bad);
    try (Scrub _ = scrub(1L << 30, good, bad, good)) {
      assertEquals("3 " + bad.file() + ": is bad", found.take());
      await().until(() -> bytes() == 3 * BYTES);
      assertEquals(1, figure("damaged"));
      assertEquals(List.of(), List.copyOf(found));
    }
  }

  /** It was about to be cut, or to go. */
  @Test
  void round_fileThatIsGoodAtTheSecondLook_orGone_isNotNamed() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    ColdFile once = file("once", file -> looks.getAndIncrement() == 0 ? bad(file) : List.of());
    ColdFile gone =
        file(
            "gone",
            file -> {
              Files.deleteIfExists(file);
              return bad(file);
            });
    ColdFile last = file("last", ScrubTest::bad);
    try (Scrub _ = scrub(1L << 30, once, gone, last)) {
      assertEquals("3 " + last.file() + ": is bad", found.take());
      assertEquals(2, looks.get());
    }
  }

  /** Tables that were restored may go on with numbers that were given before. */
  @Test
  void round_anotherFileHasItsName_isNotNamed() throws Exception {
    ColdFile replacedBefore = file("before", ScrubTest::bad);
    replace(replacedBefore.file());
    ColdFile replacedMeanwhile =
        file(
            "meanwhile",
            file -> {
              replace(file);
              return bad(file);
            });
    ColdFile last = file("last", ScrubTest::bad);
    try (Scrub _ = scrub(1L << 30, replacedBefore, replacedMeanwhile, last)) {
      assertEquals("3 " + last.file() + ": is bad", found.take());
      assertEquals(1, figure("damaged"));
    }
  }

  private void replace(Path file) throws IOException {
    Path another = Files.write(folder.resolve("another"), new byte[1]);
    Files.move(another, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void round_fileThatIsDamagedAgainAndAgain_countsOnce() throws Exception {
    ColdFile bad = file("bad", ScrubTest::bad);
    ColdFile last = file("last", ScrubTest::bad);
    try (Scrub _ = scrub(1L << 30, bad, bad, last)) {
      while (!found.take().contains(last.file() + "")) {
        // of the others
      }
      assertEquals(2, figure("damaged"));
    }
  }

  @Test
  void round_atALowRate_takesItsTime() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    ColdFile slow =
        file(
            "slow",
            _ -> {
              read.countDown();
              return List.of();
            });
    long began = System.nanoTime();
    try (Scrub _ = scrub(BYTES, slow)) {
      read.await();
      assertTrue(System.nanoTime() - began >= TimeUnit.MILLISECONDS.toNanos(700));
    }
  }

  /** Its age grows, but nothing is read. */
  @Test
  void start_rateIsNothing_readsNothing() throws Exception {
    ColdFile bad = file("bad", ScrubTest::bad);
    try (Scrub _ = scrub(0, bad)) {
      await().until(() -> figure("age.seconds") >= 1);
      assertEquals(0, bytes());
      assertEquals(List.of(), List.copyOf(found));
    }
  }
}
