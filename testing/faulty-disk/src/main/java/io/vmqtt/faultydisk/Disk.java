package io.vmqtt.faultydisk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder as a process saw it and as a disk would have it, by the deeds that were noted. */
final class Disk {
  private final Path root;
  private final DiskFolder folder = new DiskFolder();
  private final Map<Long, DiskNode> byNumber = new HashMap<>();
  private final Map<Long, Sync> syncs = new HashMap<>();

  /** Changes of names that no sync has made safe, in their order. */
  private final List<Renaming> unsafe = new ArrayList<>();

  private long deeds;

  private record Place(DiskFolder folder, String name) {}

  private record NewName(Place place, @Nullable DiskNode node) {}

  /** New names, which come to be together. */
  private record Renaming(long deed, List<NewName> names) {
    boolean isIn(DiskFolder folder) {
      return names.stream().anyMatch(one -> one.place.folder == folder);
    }

    boolean isOf(Set<DiskNode> nodes) {
      return names.stream().anyMatch(one -> one.node != null && nodes.contains(one.node));
    }

    void keep() {
      for (NewName one : names) {
        one.place.folder.keep(one.place.name, one.node);
      }
    }
  }

  /** What it makes safe if it ends well: what was done before it began. */
  private record Sync(DiskNode node, int done, long deed) {}

  /**
   * @param root as it is called in the record
   * @param before what it held when the record began, all of it safe; null: it was not there
   */
  Disk(Path root, @Nullable Path before) throws IOException {
    this.root = root;
    if (before != null) {
      fill(folder, before);
    }
  }

  private static void fill(DiskFolder folder, Path from) throws IOException {
    try (Stream<Path> names = Files.list(from)) {
      for (Path path : names.toList()) {
        DiskNode node;
        if (Files.isDirectory(path)) {
          DiskFolder inner = new DiskFolder();
          fill(inner, path);
          node = inner;
        } else {
          node = new DiskFile(path);
        }
        folder.see(path.getFileName().toString(), node);
        folder.keep(path.getFileName().toString(), node);
      }
    }
  }

  void happened(DiskRecord.Deed deed) {
    deeds++;
    switch (deed.what()) {
      case CREATED -> byNumber.put(deed.file(), name(deed.name(), new DiskFile(null)));
      case OPENED -> {
        DiskNode node = at(deed.name());
        if (node != null) {
          byNumber.put(deed.file(), node);
        } else {
          byNumber.remove(deed.file()); // made by something that is not recorded, such as stdio
        }
      }
      case WRITTEN, TRUNCATED, GROWN -> {
        if (byNumber.get(deed.file()) instanceof DiskFile file) {
          file.did(deed);
        }
      }
      case SYNC_BEGUN -> {
        DiskNode node = byNumber.get(deed.file());
        if (node != null) {
          syncs.put(
              deed.offset(),
              new Sync(node, node instanceof DiskFile file ? file.done() : 0, deeds));
        }
      }
      case SYNC_ENDED -> ended(syncs.remove(deed.offset()));
      case SYNC_FAILED -> {
        Sync sync = syncs.remove(deed.offset());
        if (sync != null && sync.node instanceof DiskFile file) {
          file.syncFailed(sync.done);
        }
      }
      case MADE_FOLDER -> {
        if (!isRoot(deed.name())) { // its own name is not its own affair
          name(deed.name(), new DiskFolder());
        }
      }
      case REMOVED -> change(List.of(new NewName(place(deed.name()), null)));
      case RENAMED -> {
        DiskNode node = at(deed.name());
        change(
            List.of(new NewName(place(deed.name()), null), new NewName(place(deed.other()), node)));
      }
      case LINKED -> change(List.of(new NewName(place(deed.other()), at(deed.name()))));
      case MAPPED ->
          throw new IllegalStateException(
              deed.name() + " is written through memory: what of it is safe, nobody can tell");
    }
  }

  private DiskNode name(String path, DiskNode node) {
    change(List.of(new NewName(place(path), node)));
    return node;
  }

  private void change(List<NewName> names) {
    for (NewName one : names) {
      one.place.folder.see(one.place.name, one.node);
    }
    unsafe.add(new Renaming(deeds, names));
  }

  private void ended(@Nullable Sync sync) {
    if (sync == null) {
      return;
    }
    switch (sync.node) {
      case DiskFile file -> file.synced(sync.done);
      case DiskFolder synced -> keepNames(synced, sync.deed);
    }
  }

  /**
   * The names in a folder, up to a deed; and before each what was done earlier to the same files,
   * in other folders too: a file that was moved here has left where it was.
   */
  private void keepNames(DiskFolder synced, long upTo) {
    List<Renaming> kept =
        unsafe.stream().filter(one -> one.deed < upTo && one.isIn(synced)).toList();
    Set<DiskNode> moved =
        kept.stream()
            .flatMap(one -> one.names.stream())
            .map(NewName::node)
            .filter(Objects::nonNull)
            .collect(
                Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
    unsafe.removeIf(
        one -> {
          boolean safe = one.deed < upTo && (one.isIn(synced) || one.isOf(moved));
          if (safe) {
            one.keep();
          }
          return safe;
        });
  }

  private Place place(String path) {
    Path relative = root.relativize(Path.of(path).normalize());
    DiskFolder in = folder;
    for (int i = 0; i < relative.getNameCount() - 1; i++) {
      if (!(in.seen(relative.getName(i).toString()) instanceof DiskFolder next)) {
        throw new IllegalStateException("no folder for " + path + " is on record");
      }
      in = next;
    }
    return new Place(in, relative.getFileName().toString());
  }

  private boolean isRoot(String path) {
    return Path.of(path).normalize().equals(root);
  }

  private @Nullable DiskNode at(String path) {
    if (isRoot(path)) {
      return folder;
    }
    Place place = place(path);
    return place.folder.seen(place.name);
  }

  /** Writes what the disk has into a folder that is not there. */
  void write(Path target, Path record, Luck luck) throws IOException {
    unsafe.stream().limit(luck.ofNames(unsafe.size())).forEach(Renaming::keep);
    try (FileChannel content = FileChannel.open(record)) {
      write(folder, target, content, luck);
    }
  }

  private static void write(DiskFolder from, Path target, FileChannel record, Luck luck)
      throws IOException {
    Files.createDirectory(target);
    for (Map.Entry<String, DiskNode> name : from.safe().entrySet()) {
      Path path = target.resolve(name.getKey());
      switch (name.getValue()) {
        case DiskFile file -> file.write(path, record, luck);
        case DiskFolder inner -> write(inner, path, record, luck);
      }
    }
  }
}
