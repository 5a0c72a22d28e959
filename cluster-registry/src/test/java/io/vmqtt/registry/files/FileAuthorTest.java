package io.vmqtt.registry.files;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.facts.Fact;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import io.vmqtt.registry.namespaces.NamespacesFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAuthorTest {
  private static final long NOW_MILLIS = 1_000;
  private static final Instant LONG_AGO = Instant.ofEpochSecond(-10);

  @TempDir Path folder;
  private final EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
  private final Fact<Namespaces> fact = facts.of(NamespacesFact.NAMESPACES);
  private final List<Namespaces> versions = new CopyOnWriteArrayList<>();
  private final List<Namespaces> replaced = new CopyOnWriteArrayList<>();
  private final List<FileAuthor<Namespaces>> authors = new ArrayList<>();

  @AfterEach
  void close() {
    authors.forEach(FileAuthor::close);
    facts.close();
  }

  private FileAuthor<Namespaces> started(@Nullable NamespacesFile file) {
    var _ = fact.watch(said -> versions.add(said.from(null)));
    return started(fact, file, false);
  }

  private FileAuthor<Namespaces> started(
      Fact<Namespaces> about, @Nullable FactFile<Namespaces> file, boolean aloud) {
    FileAuthor<Namespaces> author =
        new FileAuthor<>(
            NamespacesFact.NAMESPACES,
            about,
            file,
            Namespaces.NONE,
            aloud,
            InstantSource.fixed(Instant.ofEpochMilli(NOW_MILLIS)),
            replaced::add);
    authors.add(author);
    author.start();
    return author;
  }

  /** The fact itself, which notes what it is offered. */
  private Fact<Namespaces> noting(List<Namespaces> offered) {
    return new Fact<>() {
      @Override
      public Registration watch(Consumer<Namespaces> listener) {
        return fact.watch(listener);
      }

      @Override
      public Namespaces create(Namespaces proposed) throws IOException {
        offered.add(proposed.from(null));
        return fact.create(proposed);
      }

      @Override
      public boolean replace(Namespaces inForce, Namespaces next) throws IOException {
        return fact.replace(inForce, next);
      }
    };
  }

  private NamespacesFile saying(int sessions) throws IOException {
    Files.writeString(path(), "a: {sessions: " + sessions + "}");
    return new NamespacesFile(path(), "--namespaces");
  }

  private Path path() {
    return folder.resolve("namespaces.yaml");
  }

  private static Namespaces with(long version, long sessions) {
    return new Namespaces(
        version,
        Map.of(
            Namespace.of("a"),
            new NamespaceTerms(new Quotas(Map.of(Quota.SESSIONS, sessions)), Consistency.STRONG)));
  }

  @Test
  void elected_writesWhatTheFileSays_andWhatItSaysLater() throws IOException {
    started(saying(1)).elected();
    await().until(() -> versions.equals(List.of(with(NOW_MILLIS, 1))));

    var _ = saying(2);

    await().until(() -> versions.equals(List.of(with(NOW_MILLIS, 1), with(NOW_MILLIS + 1, 2))));
  }

  @Test
  void elected_writesInWhichFileItWasSaidAndWhoseThatIs() throws IOException {
    List<Namespaces> heard = new CopyOnWriteArrayList<>();
    var _ = fact.watch(heard::add);

    started(saying(1)).elected();

    await().until(() -> !heard.isEmpty());
    assertEquals(
        new Origin(path().toString(), Files.getOwner(path()).getName()), heard.getFirst().origin());
    Namespaces known = heard.getFirst();
    assertEquals(known, NamespacesFact.NAMESPACES.read(NamespacesFact.NAMESPACES.write(known)));
  }

  @Test
  void elected_anotherFactInForce_isReplacedByALaterOne() throws IOException {
    var _ = fact.create(with(5_000, 9));

    started(saying(1)).elected();

    await().until(() -> versions.equals(List.of(with(5_000, 9), with(5_001, 1))));
  }

  @Test
  void elected_factSaysTheSame_staysAsItIs() throws IOException {
    var _ = fact.create(with(5_000, 1));
    List<Namespaces> offered = new CopyOnWriteArrayList<>();
    var _ = fact.watch(said -> versions.add(said.from(null)));
    started(noting(offered), saying(1), false).elected();
    await().until(() -> !offered.isEmpty());

    var _ = saying(2);

    await().until(() -> versions.equals(List.of(with(5_000, 1), with(5_001, 2))));
  }

  @Test
  void fileTurnsBad_factStays_untilItIsGoodAgain() throws IOException {
    NamespacesFile file = saying(1);
    FileAuthor<Namespaces> author = started(file);
    author.elected();
    await().until(() -> versions.size() == 1);

    Files.writeString(path(), "a: {sessions: many}");
    await().until(() -> author.complaint().contains("'many' is not a number"));
    var _ = saying(3);

    await().until(() -> versions.equals(List.of(with(NOW_MILLIS, 1), with(NOW_MILLIS + 1, 3))));
    await().until(() -> author.complaint().isEmpty());
  }

  /** One that says something else at each look, a number at last. */
  private static FactFile<Namespaces> changing(Instant writtenAt, int... saying) {
    Deque<Integer> looks = new ConcurrentLinkedDeque<>(Arrays.stream(saying).boxed().toList());
    return new FactFile<>() {
      @Override
      public Path path() {
        return Path.of("nowhere");
      }

      @Override
      public String text() {
        int next = looks.getFirst();
        if (looks.size() > 1) {
          looks.removeFirst();
        }
        return Integer.toString(next);
      }

      @Override
      public Instant writtenAt() {
        return writtenAt;
      }

      @Override
      public Namespaces read(String text) {
        return with(0, Long.parseLong(text));
      }
    };
  }

  /** Editors truncate and write: what a look sees may be a part of it. */
  @Test
  void fileIsBeingWritten_onlyWhatTwoLooksSeeCounts() {
    var _ = fact.watch(said -> versions.add(said.from(null)));

    started(fact, changing(LONG_AGO, 1, 2, 3, 4, 5), false).elected();

    await().until(() -> versions.equals(List.of(with(NOW_MILLIS, 1), with(NOW_MILLIS + 1, 5))));
  }

  /** Also at a start, unless nobody can be writing it. */
  @Test
  void elected_fileHasJustBeenWritten_itsFirstTextIsNotTakenAtItsWord() throws IOException {
    var _ = fact.create(with(5_000, 9));
    var _ = fact.watch(said -> versions.add(said.from(null)));
    Instant justNow = Instant.ofEpochMilli(NOW_MILLIS - 100);

    started(fact, changing(justNow, 1, 2, 3, 4, 5), false).elected();

    await().until(() -> versions.equals(List.of(with(5_000, 9), with(5_001, 5))));
  }

  /** The registry that led meanwhile has said what the file says now. */
  @Test
  void electedAgain_fileHasJustBeenChanged_whatItSaidBeforeIsNotSaidAgain() throws IOException {
    FileAuthor<Namespaces> author = started(saying(1));
    author.elected();
    await().until(() -> versions.equals(List.of(with(NOW_MILLIS, 1))));
    author.deposed();
    var _ = saying(2);
    assertTrue(fact.replace(with(NOW_MILLIS, 1).from(Origin.of(path())), with(5_000, 2)));
    await().until(() -> versions.contains(with(5_000, 2)));

    author.elected();
    var _ = saying(3);

    await().until(() -> versions.getLast().saysTheSameAs(with(0, 3)));
    assertTrue(versions.stream().skip(1).noneMatch(with(0, 1)::saysTheSameAs), versions::toString);
  }

  @Test
  void notLeading_writesNothing() throws IOException {
    var _ = started(saying(1));
    Path another = folder.resolve("another.yaml");
    Files.writeString(another, "a: {sessions: 2}");

    started(new NamespacesFile(another, "--namespaces")).elected();

    await().until(() -> !versions.isEmpty());
    assertTrue(versions.stream().allMatch(with(NOW_MILLIS, 2)::equals), versions::toString);
  }

  /** As after the loss of Consul's memory. */
  @Test
  void elected_withoutAFile_offersWhatItKnows() {
    List<Namespaces> offered = new CopyOnWriteArrayList<>();
    Fact<Namespaces> forgetful =
        new Fact<>() {
          @Override
          public Registration watch(Consumer<Namespaces> listener) {
            listener.accept(with(7, 1));
            return () -> {};
          }

          @Override
          public Namespaces create(Namespaces proposed) {
            offered.add(proposed.from(null));
            return proposed;
          }

          @Override
          public boolean replace(Namespaces inForce, Namespaces next) {
            throw new AssertionError("there is nothing to replace");
          }
        };

    started(forgetful, null, false).elected();

    await().until(() -> offered.equals(List.of(with(7, 1))));
  }

  /** As the lowest version: a process that knows more must not unlearn it, if Consul has. */
  @Test
  void elected_nobodyHasSaidAnything_isSaidAloudWhereThatMatters() {
    var _ = fact.watch(said -> versions.add(said.from(null)));

    started(fact, null, true).elected();

    await().until(() -> versions.equals(List.of(new Namespaces(1, Map.of()))));
  }

  /** Whoever has no file, and has not heard yet what is in force, must not undo it. */
  @Test
  void elected_withoutAFile_neverPutsNothingInThePlaceOfWhatIsThere() {
    List<Namespaces> replaced = new CopyOnWriteArrayList<>();
    List<Namespaces> offered = new CopyOnWriteArrayList<>();
    Fact<Namespaces> silent =
        new Fact<>() {
          @Override
          public Registration watch(Consumer<Namespaces> listener) {
            return () -> {};
          }

          @Override
          public Namespaces create(Namespaces proposed) {
            offered.add(proposed.from(null));
            return with(7, 1);
          }

          @Override
          public boolean replace(Namespaces inForce, Namespaces next) {
            return replaced.add(next);
          }
        };

    FileAuthor<Namespaces> author = started(silent, null, true);
    author.elected();
    await().until(() -> !offered.isEmpty());
    author.elected();
    await().until(() -> offered.equals(List.of(new Namespaces(1, Map.of()), with(7, 1))));

    assertTrue(replaced.isEmpty(), replaced::toString);
  }
}
