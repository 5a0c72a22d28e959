package io.vmqtt.registry.namespaces;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.facts.Fact;
import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespacesAuthorTest {
  private static final long NOW_MILLIS = 1_000;

  @TempDir Path folder;
  private final EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
  private final Fact<Namespaces> fact = facts.of(NamespacesFact.NAMESPACES);
  private final List<Namespaces> versions = new CopyOnWriteArrayList<>();
  private final List<NamespacesAuthor> authors = new ArrayList<>();

  @AfterEach
  void close() {
    authors.forEach(NamespacesAuthor::close);
    facts.close();
  }

  private NamespacesAuthor started(@Nullable NamespacesFile file) {
    var _ = fact.watch(versions::add);
    NamespacesAuthor author =
        new NamespacesAuthor(fact, file, InstantSource.fixed(Instant.ofEpochMilli(NOW_MILLIS)));
    authors.add(author);
    author.start();
    return author;
  }

  private NamespacesFile saying(int sessions) throws IOException {
    NamespacesFile file = new NamespacesFile(folder.resolve("namespaces.yaml"), "--namespaces");
    Files.writeString(file.path(), "a: {sessions: " + sessions + "}");
    return file;
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
  void elected_anotherFactInForce_isReplacedByALaterOne() throws IOException {
    var _ = fact.create(with(5_000, 9));

    started(saying(1)).elected();

    await().until(() -> versions.equals(List.of(with(5_000, 9), with(5_001, 1))));
  }

  @Test
  void elected_factSaysTheSame_staysAsItIs() throws IOException {
    var _ = fact.create(with(5_000, 1));
    NamespacesAuthor author = started(saying(1));
    author.elected();

    var _ = saying(2);

    await().until(() -> versions.equals(List.of(with(5_000, 1), with(5_001, 2))));
  }

  @Test
  void fileTurnsBad_factStays_untilItIsGoodAgain() throws IOException {
    NamespacesFile file = saying(1);
    NamespacesAuthor author = started(file);
    author.elected();
    await().until(() -> versions.size() == 1);

    Files.writeString(file.path(), "a: {sessions: many}");
    await().until(() -> author.complaint().contains("'many' is not a number"));
    var _ = saying(3);

    await().until(() -> versions.equals(List.of(with(NOW_MILLIS, 1), with(NOW_MILLIS + 1, 3))));
    await().until(() -> author.complaint().isEmpty());
  }

  @Test
  void notLeading_writesNothing() throws IOException {
    var _ = started(saying(1));
    NamespacesFile another = new NamespacesFile(folder.resolve("another.yaml"), "--namespaces");
    Files.writeString(another.path(), "a: {sessions: 2}");

    started(another).elected();

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
            offered.add(proposed);
            return proposed;
          }

          @Override
          public boolean replace(Namespaces inForce, Namespaces next) {
            throw new AssertionError("there is nothing to replace");
          }
        };
    NamespacesAuthor author = new NamespacesAuthor(forgetful, null, InstantSource.system());
    authors.add(author);
    author.start();

    author.elected();

    await().until(() -> offered.equals(List.of(with(7, 1))));
  }
}
