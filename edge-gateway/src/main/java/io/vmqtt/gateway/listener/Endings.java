package io.vmqtt.gateway.listener;

import io.vmqtt.cluster.machine.FileWatches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What has to end with something that listeners share: what came last goes first. */
final class Endings implements AutoCloseable {
  private final FileWatches files;
  private final Deque<Runnable> all = new ArrayDeque<>();

  /** Nothing yet. */
  Endings(FileWatches files) {
    this.files = files;
  }

  void push(Runnable ending) {
    all.push(ending);
  }

  /**
   * Reads a file, now and whenever it changes until the end.
   *
   * @param file null: there is none
   * @throws IOException if it cannot be read; the message names it
   */
  void watch(@Nullable Path file, Consumer<byte[]> reader) throws IOException {
    if (file != null) {
      push(files.watch(file, reader)::close);
    }
  }

  @Override
  public void close() {
    all.forEach(Runnable::run);
  }

  /**
   * Leaves those alone that are needed, and takes out all others.
   *
   * @return what ends these, each by itself
   */
  static <K, V> List<Runnable> keepOnly(Set<K> needed, Map<K, V> all, Consumer<? super V> end) {
    List<Runnable> ends = new ArrayList<>();
    all.entrySet()
        .removeIf(
            one -> {
              boolean isOver = !needed.contains(one.getKey());
              if (isOver) {
                V value = one.getValue();
                ends.add(() -> end.accept(value));
              }
              return isOver;
            });
    return ends;
  }
}
