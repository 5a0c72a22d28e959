package io.vmqtt.faultydisk;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A folder: its names as the process sees them, and those that are safe. */
final class DiskFolder implements DiskNode {
  private final Map<String, DiskNode> seen = new HashMap<>();
  private final Map<String, DiskNode> safe = new HashMap<>();

  @Nullable DiskNode seen(String name) {
    return seen.get(name);
  }

  void see(String name, @Nullable DiskNode node) {
    put(seen, name, node);
  }

  void keep(String name, @Nullable DiskNode node) {
    put(safe, name, node);
  }

  Map<String, DiskNode> safe() {
    return safe;
  }

  private static void put(Map<String, DiskNode> names, String name, @Nullable DiskNode node) {
    if (node == null) {
      names.remove(name);
    } else {
      names.put(name, node);
    }
  }
}
