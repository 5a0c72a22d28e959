package io.vmqtt.cluster.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptClusterFactsTest {
  private static final EarlierKind<Bans> HISTORY = new EarlierKind<>(BansFact.BANS);
  private static final Bans SAID = new Bans(7, List.of()).from(Origin.byOperator("anna"));
  private static final Bans SAID_LATER = SAID.withVersion(8);

  @TempDir private Path folder;

  private KeptClusterFacts started() {
    return new KeptClusterFacts(
        new FactFolder(folder.resolve("settings"), Set.of("bans", "bans-history")));
  }

  private Path file() {
    return folder.resolve("settings").resolve("bans.json");
  }

  @Test
  void saidOverTheApi_isThereAfterAnotherStart() throws Exception {
    try (KeptClusterFacts facts = started()) {
      assertEquals(SAID, facts.of(BansFact.BANS).create(SAID));
      assertTrue(facts.of(BansFact.BANS).replace(SAID, SAID_LATER));
      var _ = facts.of(HISTORY).create(Earlier.<Bans>none().with(SAID).withVersion(9));
    }
    try (KeptClusterFacts facts = started()) {
      assertEquals(SAID_LATER, facts.of(BansFact.BANS).create(Bans.NONE.withVersion(10)));
      assertFalse(facts.of(BansFact.BANS).replace(SAID, SAID_LATER.withVersion(11)));
      assertEquals(
          List.of(SAID), facts.of(HISTORY).create(Earlier.<Bans>none().withVersion(1)).all());
      CountDownLatch heard = new CountDownLatch(1);
      try (Registration _ = facts.of(BansFact.BANS).watch(_ -> heard.countDown())) {
        assertTrue(heard.await(10, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void saidInAFile_isNotThereAfterAnotherStart() throws IOException {
    Bans inFile = SAID.withVersion(9).from(new Origin("/etc/bans.yaml", "root"));
    try (KeptClusterFacts facts = started()) {
      var _ = facts.of(BansFact.BANS).create(SAID);
      assertTrue(Files.exists(file()));
      assertTrue(facts.of(BansFact.BANS).replace(SAID, inFile));
    }
    try (KeptClusterFacts facts = started()) {
      Bans nobody = Bans.NONE.withVersion(1);
      assertEquals(nobody, facts.of(BansFact.BANS).create(nobody));
    }
  }

  @Test
  void otherKinds_areNotKept() throws IOException {
    try (KeptClusterFacts facts = started()) {
      var _ = facts.of(ShardMapFact.SHARD_MAP).create(new ShardMap(1, 1, List.of(List.of("a"))));
      assertFalse(Files.exists(folder.resolve("settings")));
    }
  }

  @Test
  void kept_butNotReadable_isToldWithItsFile() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "{\"format\":99}");
    try (KeptClusterFacts facts = started()) {
      OptionException told = assertThrows(OptionException.class, () -> facts.of(BansFact.BANS));
      assertTrue(String.valueOf(told.getMessage()).contains(file().toString()), told::getMessage);
    }
  }
}
