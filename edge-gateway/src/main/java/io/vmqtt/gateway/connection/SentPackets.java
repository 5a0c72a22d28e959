package io.vmqtt.gateway.connection;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The packet ids of a connection's deliveries of QoS 1 and 2 that are under way, and what each
 * awaits. Flat, since a fan-out comes to that of every receiver, and few of them are in a cache of
 * the processor: an id's place are its low bits. The ids follow one another, but for those whose
 * place is taken.
 */
final class SentPackets {
  private static final int MAX_PACKET_ID = 65_535;
  private static final int FIRST_CAPACITY = 8;
  private static final int ANSWER_BITS = NextAnswer.CODE_BITS;
  private static final int ANSWER_MASK = (1 << ANSWER_BITS) - 1;

  /** By place: packet id and what it awaits; 0: free. The length is a power of two. */
  private int[] places = {0};

  /** By place, from the first message of a share group on. */
  private @Nullable SharedMessage @Nullable [] shared;

  private int size;
  private int last;

  /** How many are under way. */
  int size() {
    return size;
  }

  /**
   * A delivery begins; fewer than 65,535 may be under way.
   *
   * @param kept for another member of its share group
   * @return its packet id
   */
  int begin(NextAnswer awaited, @Nullable SharedMessage kept) {
    if (4 * (size + 1) > 3 * places.length && places.length <= MAX_PACKET_ID) {
      grow();
    }
    do {
      last = last == MAX_PACKET_ID ? 1 : last + 1;
    } while (places[place(last)] != 0);
    size++;
    places[place(last)] = entry(last, awaited);
    if (kept != null) {
      if (shared == null) {
        shared = new SharedMessage[places.length];
      }
      shared[place(last)] = kept;
    }
    return last;
  }

  /** Tells the packet ids of all that are under way. */
  void forEach(IntConsumer packetIds) {
    for (int entry : places) {
      if (entry != 0) {
        packetIds.accept(entry >>> ANSWER_BITS);
      }
    }
  }

  /** What the delivery with a packet id awaits; null: there is none. */
  @Nullable NextAnswer awaited(int packetId) {
    int entry = places[place(packetId)];
    return entry >>> ANSWER_BITS == packetId && entry != 0
        ? NextAnswer.of(entry & ANSWER_MASK)
        : null;
  }

  /** The delivery with a packet id that is under way awaits something else. */
  void await(int packetId, NextAnswer answer) {
    places[place(packetId)] = entry(packetId, answer);
  }

  /** The delivery with a packet id that is under way ends; returns what was kept of it. */
  @Nullable SharedMessage end(int packetId) {
    int place = place(packetId);
    places[place] = 0;
    size--;
    if (shared == null) {
      return null;
    }
    SharedMessage kept = shared[place];
    shared[place] = null;
    return kept;
  }

  /** What is kept, in the order in which it was sent. */
  List<SharedMessage> kept() {
    @Nullable SharedMessage[] all = shared;
    if (all == null) {
      return List.of();
    }
    return IntStream.range(0, places.length)
        .filter(place -> all[place] != null)
        .boxed()
        .sorted((one, other) -> Integer.compare(age(other), age(one)))
        .<SharedMessage>mapMulti((place, next) -> next.accept(all[place]))
        .toList();
  }

  /** None is under way any more. */
  void clear() {
    Arrays.fill(places, 0);
    shared = null;
    size = 0;
  }

  private int age(int place) {
    return Math.floorMod(last - (places[place] >>> ANSWER_BITS), MAX_PACKET_ID);
  }

  private int place(int packetId) {
    return packetId & (places.length - 1);
  }

  private static int entry(int packetId, NextAnswer awaited) {
    return packetId << ANSWER_BITS | awaited.code();
  }

  private void grow() {
    int[] before = places;
    @Nullable SharedMessage @Nullable [] sharedBefore = shared;
    places = new int[Math.max(FIRST_CAPACITY, 2 * before.length)];
    shared = sharedBefore == null ? null : new SharedMessage[places.length];
    for (int i = 0; i < before.length; i++) {
      if (before[i] != 0) {
        int place = place(before[i] >>> ANSWER_BITS);
        places[place] = before[i];
        if (sharedBefore != null && shared != null) {
          shared[place] = sharedBefore[i];
        }
      }
    }
  }
}
