package io.vmqtt.router.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UndeliveredTest {
  private static final int QUOTA_EXCEEDED = 0x97;

  private final Undelivered<String> first = new Undelivered<>(100);
  private final Undelivered<String> second = new Undelivered<>(100);
  private final List<String> told = new ArrayList<>();
  private final MemoryForPublishes memory = new MemoryForPublishes(25);
  private int over;
  private final PublishSource source =
      new PublishSource() {
        @Override
        public void succeeded(long sequence, boolean matched) {
          told.add(sequence + (matched ? " safe" : " unmatched"));
        }

        @Override
        public void refused(long sequence, int reasonCode) {
          told.add(sequence + " refused " + Integer.toHexString(reasonCode));
        }
      };

  private PendingPublish publish(long sequence, boolean matched) {
    return new PendingPublish(source, sequence, matched, memory, 10, () -> over++);
  }

  @Test
  void arrived_severalDestinations_countsOnceInMemoryUntilTheLast() {
    toBoth(7);
    publish(8, true);
    assertEquals(20, memory.bytes());
    assertFalse(memory.isFull());
    publish(9, true);
    assertTrue(memory.isFull());

    first.arrived(1, Map.of());
    assertEquals(30, memory.bytes());
    second.arrived(1, Map.of());
    assertEquals(20, memory.bytes());
  }

  @Test
  void forget_atSeveralDestinations_overOnceAndLetGoWithTheLast() {
    toBoth(7);

    first.forget(one -> true);
    assertEquals(10, memory.bytes());
    assertEquals(1, over);
    second.arrived(1, Map.of());

    assertEquals(0, memory.bytes());
    assertEquals(1, over);
    assertEquals(List.of(), told);
  }

  @Test
  void allSent_noDestination_answeredAtOnce() {
    publish(7, false).allSent();

    assertEquals(List.of("7 unmatched"), told);
  }

  @Test
  void arrived_severalDestinations_answeredOnceAfterTheLast() {
    toBoth(7);
    assertEquals(List.of(), told);

    first.arrived(1, Map.of());
    assertEquals(List.of(), told, "the second destination does not have it");
    second.arrived(1, Map.of());

    assertEquals(List.of("7 safe"), told);
  }

  @Test
  void arrived_beforeAllAreSent_waitsForThem() {
    PendingPublish publish = publish(7, true);
    first.add(publish, "copy 1", 10);
    first.arrived(1, Map.of());
    assertEquals(List.of(), told);
    second.add(publish, "copy 2", 10);

    publish.allSent();
    second.arrived(1, Map.of());

    assertEquals(List.of("7 safe"), told);
  }

  @Test
  void arrived_oneDestinationRefused_refusedWithItsReasonAfterTheLast() {
    toBoth(7);

    first.arrived(1, Map.of(1L, QUOTA_EXCEEDED));
    assertEquals(List.of(), told);
    second.arrived(1, Map.of());

    assertEquals(List.of("7 refused 97"), told);
  }

  @Test
  void arrived_upToANumber_takesThoseInOrderAndKeepsTheRest() {
    for (int i = 1; i <= 5; i++) {
      add(first, i, 10);
    }

    first.arrived(3, Map.of(2L, QUOTA_EXCEEDED));

    assertEquals(List.of("1 safe", "2 refused 97", "3 safe"), told);
    assertEquals(2, first.size());
    assertEquals(List.of("frame 4", "frame 5"), frames());
  }

  @Test
  void arrived_sameNumberAgain_nothingMoreHappens() {
    add(first, 1, 10);
    first.arrived(1, Map.of());

    first.arrived(1, Map.of());

    assertEquals(List.of("1 safe"), told);
  }

  @Test
  void nextSequence_framesComeAndGo_growsByOne() {
    assertEquals(1, first.nextSequence());
    add(first, 1, 10);
    assertEquals(2, first.nextSequence());
    first.arrived(1, Map.of());
    assertEquals(2, first.nextSequence(), "a number is never used again");
  }

  @Test
  void isFull_asManyBytesAsMayWait_trueUntilSomeArrive() {
    add(first, 1, 60);
    assertFalse(first.isFull());
    add(first, 2, 60);
    assertTrue(first.isFull());

    first.arrived(1, Map.of());

    assertFalse(first.isFull());
  }

  @Test
  void abandon_destinationIsGone_everyPublishGoesOnWithoutIt() {
    toBoth(1);
    add(first, 2, 10);

    first.abandon();

    assertEquals(List.of("2 safe"), told);
    assertEquals(0, first.size());
    second.arrived(1, Map.of());
    assertEquals(List.of("2 safe", "1 safe"), told);
  }

  @Test
  void forEach_framesUnderWay_inOrderWithTheirSizes() {
    add(first, 1, 10);
    add(first, 2, 20);

    List<String> all = new ArrayList<>();
    first.forEach((frame, bytes) -> all.add(frame + ":" + bytes));

    assertEquals(List.of("frame 1:10", "frame 2:20"), all);
    assertEquals(2, first.size(), "they are still under way");
  }

  private void toBoth(long sequence) {
    PendingPublish publish = publish(sequence, true);
    first.add(publish, "copy 1", 10);
    second.add(publish, "copy 2", 10);
    publish.allSent();
  }

  private void add(Undelivered<String> destination, long sequence, int bytes) {
    PendingPublish publish = publish(sequence, true);
    destination.add(publish, "frame " + sequence, bytes);
    publish.allSent();
  }

  private List<String> frames() {
    List<String> frames = new ArrayList<>();
    first.forEach((frame, bytes) -> frames.add(frame));
    return frames;
  }
}
