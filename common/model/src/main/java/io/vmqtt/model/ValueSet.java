package io.vmqtt.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of a filter that has more than one: a dense array, so that iterating is fast, and
 * above a few values an open-addressing index into it, so that adding and removing take constant
 * time.
 *
 * <p>The order of the values is that of their addition until a removal moves the last one into the
 * gap; equal histories give equal orders, whatever the hash codes.
 *
 * <p>Invariant: the index has a slot for every value, at most half of its slots are taken, and no
 * free slot lies between a value's home slot and the one it is in.
 */
final class ValueSet<V> {

  private static final int MIN_CAPACITY = 4;

  /** Up to this many values a scan is as fast as the index. */
  private static final int MAX_SCANNED = 8;

  private static final int ABSENT = -1;
  private static final int GOLDEN_RATIO = 0x9E3779B9;
  private static final int[] NO_INDEX = {};

  private @Nullable Object[] values = new @Nullable Object[MIN_CAPACITY];
  private int size;

  /** Position of a value plus one; 0 marks a free slot. Empty up to {@link #MAX_SCANNED} values. */
  private int[] index = NO_INDEX;

  /** Two values that are not equal. */
  ValueSet(V first, V second) {
    values[0] = first;
    values[1] = second;
    size = 2;
  }

  int size() {
    return size;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // positions below size hold a V
  V get(int position) {
    return (V) values[position];
  }

  boolean contains(V value) {
    return position(value) != ABSENT;
  }

  boolean add(V value) {
    if (contains(value)) {
      return false;
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, size + (size >> 1));
    }
    values[size++] = value;
    if (index.length > 0 || size > MAX_SCANNED) {
      if (size * 2 > index.length) {
        rebuildIndex();
      } else {
        insertIntoIndex(size - 1);
      }
    }
    return true;
  }

  boolean remove(V value) {
    int position = position(value);
    if (position == ABSENT) {
      return false;
    }
    int last = size - 1;
    if (index.length > 0) {
      int hole = slotOf(position);
      index[slotOf(last)] = position + 1;
      values[position] = values[last];
      closeHole(hole);
    } else {
      values[position] = values[last];
    }
    values[last] = null;
    size = last;
    shrink();
    return true;
  }

  private int position(V value) {
    if (index.length > 0) {
      return indexedPosition(value);
    }
    for (int i = 0; i < size; i++) {
      if (value.equals(values[i])) {
        return i;
      }
    }
    return ABSENT;
  }

  private int indexedPosition(V value) {
    int mask = index.length - 1;
    for (int i = home(value); index[i] != 0; i = (i + 1) & mask) {
      int position = index[i] - 1;
      if (value.equals(values[position])) {
        return position;
      }
    }
    return ABSENT;
  }

  /** The slot of the index that points to the position. */
  private int slotOf(int position) {
    int mask = index.length - 1;
    int i = home(get(position));
    while (index[i] != position + 1) {
      i = (i + 1) & mask;
    }
    return i;
  }

  private void insertIntoIndex(int position) {
    int mask = index.length - 1;
    int i = home(get(position));
    while (index[i] != 0) {
      i = (i + 1) & mask;
    }
    index[i] = position + 1;
  }

  /** Moves back every value behind the hole whose home slot is not between the hole and itself. */
  private void closeHole(int firstHole) {
    int mask = index.length - 1;
    int hole = firstHole;
    index[hole] = 0;
    for (int i = (hole + 1) & mask; index[i] != 0; i = (i + 1) & mask) {
      int fromHome = (i - home(get(index[i] - 1))) & mask;
      int fromHole = (i - hole) & mask;
      if (fromHome >= fromHole) {
        index[hole] = index[i];
        index[i] = 0;
        hole = i;
      }
    }
  }

  private void rebuildIndex() {
    index = new int[Integer.highestOneBit(size) * 4];
    for (int i = 0; i < size; i++) {
      insertIntoIndex(i);
    }
  }

  private void shrink() {
    if (values.length > MIN_CAPACITY && size * 4 < values.length) {
      values = Arrays.copyOf(values, values.length / 2);
    }
    if (size * 8 < index.length) {
      if (size <= MAX_SCANNED / 2) {
        index = NO_INDEX;
      } else {
        rebuildIndex();
      }
    }
  }

  /** Spreads the hash code first: those of numbers and records are often dense or regular. */
  private int home(V value) {
    int hash = value.hashCode() * GOLDEN_RATIO;
    return (hash ^ (hash >>> 16)) & (index.length - 1);
  }
}
