package io.vmqtt.store.journal;

import io.vmqtt.store.storage.Boot;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.Findings.Part;
import io.vmqtt.store.storage.Mend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Looks at the journal of a store that nobody has open, all of it; changes nothing. */
public final class JournalCheck {
  private static final String NAME = "journal";

  private final JournalFolder folder;
  private final boolean sameBoot;
  private final List<Damage> damages = new ArrayList<>();
  private final List<Mend> mends = new ArrayList<>();

  /**
   * The entry of each shard behind which its part of the journal begins, and that with which it
   * ends.
   */
  private final Map<Integer, Long> begins = new HashMap<>();

  private final Map<Integer, Long> ends = new HashMap<>();
  private long lastBatch;
  private String what = "no entries";

  private JournalCheck(JournalFolder folder, boolean sameBoot) {
    this.folder = folder;
    this.sameBoot = sameBoot;
  }

  /**
   * Reads the journal of a store.
   *
   * @param data the folder of the store
   * @throws IOException if it cannot be looked at
   */
  public static JournalCheck of(Path data) throws IOException {
    JournalCheck check = new JournalCheck(JournalFolder.of(data), Boot.isSame(data));
    check.look();
    return check;
  }

  /** The shards that have, or had, entries in it. */
  public Set<Integer> shards() {
    return new TreeSet<>(ends.keySet());
  }

  /** Whether there is anything in it, or should be. */
  public boolean isNeeded() throws IOException {
    return lastBatch > 0 || folder.lastKnown() > 0;
  }

  /** What was found, but for what the tables say of it. */
  public Part part() {
    return new Part(
        NAME,
        what,
        mends.stream().map(mend -> mend.file() + ": " + mend.how()).toList(),
        List.copyOf(damages));
  }

  /** What is to be done before anybody uses it. */
  public List<Mend> mends() {
    return List.copyOf(mends);
  }

  /**
   * Compares it with the tables of a shard.
   *
   * @param applied the last entry that is in there; -1: nobody knows
   */
  public List<Damage> compare(int shard, long applied) {
    long begin = begins.getOrDefault(shard, 0L);
    long end = ends.getOrDefault(shard, 0L);
    if (applied < 0 || !damages.isEmpty()) {
      return List.of();
    }
    if (begin > applied) {
      return List.of(
          new Damage(
              folder.path(),
              "begins behind entry "
                  + begin
                  + " of shard "
                  + shard
                  + ", but the tables end at entry "
                  + applied));
    }
    if (end < applied) {
      return List.of(
          new Damage(
              folder.path(),
              "ends at entry "
                  + end
                  + " of shard "
                  + shard
                  + ", but the tables have entry "
                  + applied));
    }
    return List.of();
  }

  private void look() throws IOException {
    List<JournalFile> files = new ArrayList<>(folder.files());
    dropUnbegun(files);
    long expected = files.isEmpty() ? 0 : files.getFirst().number();
    for (int i = 0; i < files.size() && damages.isEmpty(); i++) {
      JournalFile file = files.get(i);
      if (file.number() != expected) {
        damages.add(
            new Damage(
                JournalFile.in(folder.path(), expected).file(),
                "is missing, though there are files behind it"));
        return;
      }
      expected++;
      look(file, JournalEntries.limit(files, i));
    }
    long known = folder.lastKnown();
    if (damages.isEmpty() && lastBatch < known) {
      damages.add(
          new Damage(
              files.isEmpty() ? folder.path() : files.getLast().file(),
              files.isEmpty()
                  ? "is missing"
                  : "the journal ends behind batch " + lastBatch + ", but had batch " + known));
    }
  }

  /** A file gets its header before anything is written behind it, and its name last of all. */
  private void dropUnbegun(List<JournalFile> files) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    JournalFile last = files.getLast();
    JournalFile.Contents contents = last.read(0, record -> {});
    JournalFile.Flaw flaw = contents.flaw();
    if (contents.header() == null && flaw != null && flaw.place() == JournalFile.Place.UNFINISHED) {
      mends.add(new Mend.Superfluous(last.file(), "was never begun; it is deleted"));
      files.removeLast();
    }
  }

  private void look(JournalFile file, long limit) throws IOException {
    JournalFile.Contents contents = file.read(limit, this::take);
    FileHeader header = contents.header();
    if (header != null && begins.isEmpty() && lastBatch == 0) {
      begins.putAll(header.ends());
      header.ends().forEach((shard, end) -> ends.merge(shard, end, Math::max));
      what = "batches " + header.firstBatch();
    }
    JournalFile.Flaw flaw = contents.flaw();
    if (flaw != null) {
      boolean isTail =
          header != null
              && (flaw.place() == JournalFile.Place.UNFINISHED
                  || (flaw.place() == JournalFile.Place.TORN && !sameBoot));
      if (isTail) {
        mends.add(
            new Mend.TornTail(
                file.file(),
                contents.end(),
                file.file(),
                flaw.how() + "; that was never acknowledged, and is cut off"));
      } else {
        damages.add(new Damage(file.file(), flaw.how()));
      }
    }
    lastBatch = Math.max(lastBatch, contents.last());
    if (limit == JournalFile.NO_LIMIT && header != null) {
      what =
          lastBatch < header.firstBatch() && begins.isEmpty() && ends.isEmpty()
              ? "no entries"
              : what + " to " + lastBatch;
    }
  }

  /** The first file has said where each shard's part begins; from there on none is missing. */
  private void take(JournalRecord record) {
    long end = ends.getOrDefault(record.shard(), 0L);
    if (record.index() > end) {
      ends.put(record.shard(), record.index());
    }
  }
}
