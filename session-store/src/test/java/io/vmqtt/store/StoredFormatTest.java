package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.beginInbound;
import static io.vmqtt.store.FakeRouter.client;
import static io.vmqtt.store.FakeRouter.detach;
import static io.vmqtt.store.FakeRouter.message;
import static io.vmqtt.store.FakeRouter.poll;
import static io.vmqtt.store.FakeRouter.receive;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.proto.message.v1.IdempotencyKey;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.session.v1.Attach;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.session.v1.Delivery;
import io.vmqtt.proto.session.v1.DeliveryTarget;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.ReadRetained;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.session.v1.Will;
import io.vmqtt.store.config.StoreOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The data folders that earlier versions wrote are still read. Each lies in {@code formats}, under
 * the name of its version, as its store left it when it was stopped; a release adds its own with
 * {@code -Dvmqtt.formats.write=VERSION}.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class StoredFormatTest {
  private static final Path FORMATS = Path.of("src", "test", "resources", "formats");
  private static final String ARCHIVE = ".zip";

  /** Behind the version, where the store had a journal. */
  private static final String OF_A_JOURNAL = "-journal";

  private static final long GATEWAY = 7;
  private static final String SEGMENT_BYTES = "64k";

  @TempDir Path data;

  static List<String> versions() throws IOException {
    try (Stream<Path> archives = Files.list(FORMATS)) {
      return archives
          .map(archive -> archive.getFileName().toString())
          .filter(name -> name.endsWith(ARCHIVE))
          .map(name -> name.substring(0, name.length() - ARCHIVE.length()))
          .sorted()
          .toList();
    }
  }

  private static StoreHarness store(Path folder, String version) throws Exception {
    return new StoreHarness(
        StoreConfigs.of(folder, Map.of(StoreOptions.SEGMENT_BYTES, SEGMENT_BYTES)),
        1,
        version.endsWith(OF_A_JOURNAL) ? Replication.NONE : Replication.POSSIBLE);
  }

  @BeforeAll
  static void write(@TempDir Path data) throws Exception {
    String version = System.getProperty("vmqtt.formats.write");
    if (version != null) {
      writeAs(version, data.resolve("groups"));
      writeAs(version + OF_A_JOURNAL, data.resolve("journal"));
    }
  }

  private static void writeAs(String version, Path data) throws Exception {
    try (StoreHarness store = store(data, version);
        FakeRouter router = store.router("router-1")) {
      Attached alice = router.attach(forEver("alice", 1));
      router.subscribe(alice, "t/#", 2);
      router.subscribe(alice, "$share/g/shared", 1);
      router.publishSafely(message("t/1", 1, "acknowledged"));
      router.publishSafely(message("t/2", 2, "received"));
      router.publishSafely(message("t/1", 1, "unacknowledged"));
      router.publishSafely(message("t/3", 1, "not sent"));
      router.acknowledge(alice, 1);
      router.ask(receive(alice, 2));
      router.ask(beginInbound(alice, 9));
      Attached bob =
          router.attach(
              forEver("bob", 2)
                  .setWill(
                      Will.newBuilder().setMessage(message("will", 1, "bob")).setDelaySeconds(0)));
      router.subscribe(bob, "t/1", 1);
      router.publishSafely(message("t/1", 1, "for two"));
      router.publishSafely(message("kept", 1, "old").toBuilder().setRetain(true).build());
      router.publishSafely(message("kept", 1, "new").toBuilder().setRetain(true).build());
      router.publishSafely(message("cleared", 1, "x").toBuilder().setRetain(true).build());
      router.publishSafely(message("cleared", 1, "").toBuilder().setRetain(true).build());
      router.ask(detach(alice, Detach.Cause.CAUSE_NORMAL, 3));
    }
    Files.createDirectories(FORMATS);
    pack(data, FORMATS.resolve(version + ARCHIVE));
  }

  /** However late it is read. */
  private static Attach.Builder forEver(String clientId, long connection) {
    return client(clientId, GATEWAY, connection).setSessionExpirySeconds(-1);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void folderOfAnEarlierVersion_hasEverything(String version) throws Exception {
    unpack(FORMATS.resolve(version + ARCHIVE), data);
    try (StoreHarness store = store(data, version);
        FakeRouter router = store.router("router-1")) {
      assertEquals(version.endsWith(OF_A_JOURNAL), Files.exists(data.resolve("journal")));
      poll(router.routeUpdates);
      assertEquals(Map.of("t/#", 1, "t/1", 1, "shared", 1), Map.copyOf(router.routes));

      Attached alice = router.attach(client("alice", GATEWAY, 3));
      assertTrue(alice.getSessionPresent());
      assertEquals("release of 2", show(router.delivery()));
      assertEquals("t/1 3 dup unacknowledged", show(router.delivery()));
      assertEquals("t/3 4 not sent", show(router.delivery()));
      assertEquals("t/1 5 for two", show(router.delivery()));
      IdempotencyKey key = router.ask(beginInbound(alice, 9)).getInboundBegun().getKey();
      assertEquals(1, key.getSequence(), "it is the one that had begun");

      Attached bob = router.attach(client("bob", GATEWAY, 4));
      assertTrue(bob.getSessionPresent());
      assertEquals("bob", poll(router.wills).getMessage().getPayload().toStringUtf8());
      assertEquals("t/1 1 dup for two", show(router.delivery()));

      List<Message> kept =
          router
              .ask(
                  ShardRequest.newBuilder()
                      .setReadRetained(
                          ReadRetained.newBuilder().setFilter("#").setMaxBytes(10_000)))
              .getRetainedPage()
              .getMessagesList();
      assertEquals(
          List.of("new"), kept.stream().map(one -> one.getPayload().toStringUtf8()).toList());
    }
  }

  private static String show(Delivery delivery) {
    assertEquals(1, delivery.getTargetsCount());
    DeliveryTarget target = delivery.getTargets(0);
    if (target.getRelease()) {
      assertFalse(delivery.hasMessage());
      return "release of " + target.getSequence();
    }
    return delivery.getMessage().getTopic()
        + ' '
        + target.getSequence()
        + (target.getDup() ? " dup " : " ")
        + delivery.getMessage().getPayload().toStringUtf8();
  }

  private static void pack(Path folder, Path archive) throws IOException {
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(file);
        Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.filter(StoredFormatTest::isData).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(one).toString()));
        Files.copy(one, zip);
        zip.closeEntry();
      }
    }
  }

  /** Neither what is made anew, nor what RocksDB says of itself. */
  private static boolean isData(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && !name.startsWith("LOG")
        && !name.equals("in_use.lock")
        && !name.endsWith(".so");
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    try (InputStream file = Files.newInputStream(archive);
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = folder.resolve(entry.getName());
        Files.createDirectories(target.resolveSibling(""));
        Files.copy(zip, target);
      }
    }
  }
}
