package io.vmqtt.router.link;

import io.vmqtt.cluster.link.GatheredFrames;
import io.vmqtt.cluster.link.Link;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames of one turn for one link. They leave together at the end of the turn. Confined to the
 * router's thread.
 */
final class Outbox<F> {
  private static final int FLUSH_BYTES = 128 << 10;

  private final List<Outbox<?>> dirty;
  private final GatheredFrames<F> frames = new GatheredFrames<>(FLUSH_BYTES);
  private @Nullable Link<F> link;

  /** An outbox that enters itself in {@code dirty} when it has something to send. */
  Outbox(List<Outbox<?>> dirty) {
    this.dirty = dirty;
  }

  /**
   * Takes a new stream into use; what was gathered for an older one is dropped. An older one that
   * has not ended is closed: of two, the one that came last may be the one that the other side gave
   * up before, and then the other side must know that it has none.
   */
  void use(@Nullable Link<F> newLink) {
    Link<F> replaced = link;
    link = newLink;
    if (replaced != null && newLink != null) {
      replaced.close("another link of the same process took its place");
    }
    frames.clear();
  }

  boolean isUp() {
    return link != null;
  }

  /** Whether there is a link, and it {@linkplain Link#isLive lives}. */
  boolean isLive() {
    Link<F> current = link;
    return current != null && current.isLive();
  }

  @SuppressWarnings("ReferenceEquality") // a stream is itself
  boolean uses(Link<F> candidate) {
    return link == candidate;
  }

  /** Ends the link; its owner hears of it as of any end. */
  void close(String reason) {
    Link<F> current = link;
    if (current != null) {
      current.close(reason);
    }
  }

  boolean congested() {
    Link<F> current = link;
    return current == null || current.congested();
  }

  void add(F frame, int frameBytes) {
    Link<F> current = link;
    if (current == null) {
      return;
    }
    if (frames.isEmpty()) {
      dirty.add(this);
    }
    frames.add(frame, frameBytes, current);
  }

  void flush() {
    Link<F> current = link;
    if (current != null) {
      frames.sendTo(current);
    }
  }
}
