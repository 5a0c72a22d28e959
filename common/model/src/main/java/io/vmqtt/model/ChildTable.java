package io.vmqtt.model;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Two or more children of a node: the two wildcards apart, all others in an open-addressing table
 * with linear probing. A lookup takes a region of a topic, so it needs no substring.
 *
 * <p>Invariant: at most half of the slots are taken, and no free slot lies between a node's home
 * slot and the one it is in.
 */
final class ChildTable<V> implements ChildNodes<V> {

  private static final int MIN_SLOTS = 4;

  private @Nullable TopicNode<V> singleLevelWildcard;
  private @Nullable TopicNode<V> multiLevelWildcard;
  private @Nullable TopicNode<V>[] slots = newSlots(MIN_SLOTS);
  private int literals;

  ChildTable(TopicNode<V> first, TopicNode<V> second) {
    put(first);
    put(second);
  }

  @Override
  public @Nullable TopicNode<V> literal(String text, int start, int end, long hashSeed) {
    if (literals == 0) {
      return null;
    }
    int hash = TopicNode.hash(text, start, end, hashSeed);
    int mask = slots.length - 1;
    for (int i = hash & mask; ; i = (i + 1) & mask) {
      TopicNode<V> node = slots[i];
      if (node == null || (node.hash() == hash && node.hasFirstLevel(text, start, end))) {
        return node;
      }
    }
  }

  @Override
  public @Nullable TopicNode<V> singleLevelWildcard() {
    return singleLevelWildcard;
  }

  @Override
  public @Nullable TopicNode<V> multiLevelWildcard() {
    return multiLevelWildcard;
  }

  @Override
  public ChildNodes<V> with(TopicNode<V> child) {
    put(child);
    return this;
  }

  @Override
  public ChildNodes<V> without(TopicNode<V> child) {
    if (child == singleLevelWildcard) {
      singleLevelWildcard = null;
    } else if (child == multiLevelWildcard) {
      multiLevelWildcard = null;
    } else {
      removeLiteral(child);
    }
    TopicNode<V> last = onlyChild();
    return last == null ? this : last;
  }

  @Override
  public ChildNodes<V> replace(TopicNode<V> child, TopicNode<V> successor) {
    slots[slotOf(child)] = successor;
    return this;
  }

  @Override
  public void forEach(Consumer<? super TopicNode<V>> visitor) {
    if (singleLevelWildcard != null) {
      visitor.accept(singleLevelWildcard);
    }
    if (multiLevelWildcard != null) {
      visitor.accept(multiLevelWildcard);
    }
    for (TopicNode<V> node : slots) {
      if (node != null) {
        visitor.accept(node);
      }
    }
  }

  private void put(TopicNode<V> child) {
    if (child.isSingleLevelWildcard()) {
      singleLevelWildcard = child;
    } else if (child.isMultiLevelWildcard()) {
      multiLevelWildcard = child;
    } else {
      literals++;
      if (literals * 2 > slots.length) {
        resize(slots.length * 2);
      }
      insert(child);
    }
  }

  private void insert(TopicNode<V> child) {
    int mask = slots.length - 1;
    int i = child.hash() & mask;
    while (slots[i] != null) {
      i = (i + 1) & mask;
    }
    slots[i] = child;
  }

  private void removeLiteral(TopicNode<V> child) {
    closeHole(slotOf(child));
    literals--;
    if (slots.length > MIN_SLOTS && literals * 8 < slots.length) {
      resize(slots.length / 2);
    }
  }

  private int slotOf(TopicNode<V> child) {
    int mask = slots.length - 1;
    int i = child.hash() & mask;
    while (slots[i] != child) {
      i = (i + 1) & mask;
    }
    return i;
  }

  /** Moves back every node behind the hole whose home slot is not between the hole and itself. */
  private void closeHole(int firstHole) {
    int mask = slots.length - 1;
    int hole = firstHole;
    slots[hole] = null;
    for (int i = (hole + 1) & mask; ; i = (i + 1) & mask) {
      TopicNode<V> node = slots[i];
      if (node == null) {
        return;
      }
      int fromHome = (i - node.hash()) & mask;
      int fromHole = (i - hole) & mask;
      if (fromHome >= fromHole) {
        slots[hole] = node;
        slots[i] = null;
        hole = i;
      }
    }
  }

  private void resize(int newLength) {
    @Nullable TopicNode<V>[] old = slots;
    slots = newSlots(newLength);
    for (TopicNode<V> node : old) {
      if (node != null) {
        insert(node);
      }
    }
  }

  /** The child if it is the only one, else null. */
  private @Nullable TopicNode<V> onlyChild() {
    int children =
        literals + (singleLevelWildcard == null ? 0 : 1) + (multiLevelWildcard == null ? 0 : 1);
    if (children > 1) {
      return null;
    }
    if (singleLevelWildcard != null) {
      return singleLevelWildcard;
    }
    return multiLevelWildcard != null ? multiLevelWildcard : onlyLiteral();
  }

  private @Nullable TopicNode<V> onlyLiteral() {
    for (TopicNode<V> node : slots) {
      if (node != null) {
        return node;
      }
    }
    return null;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type has no other way in
  private static <V> @Nullable TopicNode<V>[] newSlots(int length) {
    return (@Nullable TopicNode<V>[]) new TopicNode[length];
  }
}
