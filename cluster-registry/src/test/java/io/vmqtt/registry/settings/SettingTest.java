package io.vmqtt.registry.settings;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.facts.AuthoredKind;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.registry.access.AccessFile;
import io.vmqtt.registry.bans.BansFile;
import io.vmqtt.registry.files.FactFile;
import io.vmqtt.registry.namespaces.NamespacesFile;
import io.vmqtt.registry.settings.Setting.ChangedMeanwhile;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(5_000));
  private static final Path BODY = Path.of("the request");
  private static final String ONE =
      "rules: [{allow: publish, topics: [a/#, b], users: anna, qos: [0, 1]}, {default: allow}]";

  private final EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
  private final Setting<AccessSettings> access = access(facts);

  private static Setting<AccessSettings> access(EmbeddedClusterFacts facts) {
    return setting(
        facts,
        AccessFact.ACCESS,
        AccessSettings.NONE,
        new AccessFile(BODY, "access"),
        Contents::ofAccess);
  }

  private static <T extends FromFile<T>> Setting<T> setting(
      EmbeddedClusterFacts facts,
      AuthoredKind<T> kind,
      T none,
      FactFile<T> language,
      Function<String, JsonNode> content) {
    return new Setting<>(
        facts, kind, none, language, content, null, new History<>(facts, kind, CLOCK), CLOCK);
  }

  @AfterEach
  void close() {
    access.close();
    facts.close();
  }

  private AccessSettings say(Setting<AccessSettings> where, long seen, String text)
      throws Exception {
    return where.change(seen, _ -> where.read(text), "anna");
  }

  @Test
  void change_followsWhatWasSeen_andTheOneBeforeIsKept() throws Exception {
    AccessSettings first = say(access, 0, ONE);
    AccessSettings second = say(access, first.version(), "rules: [{default: deny}]");

    assertEquals(5_000, first.version());
    assertEquals(Origin.byOperator("anna"), first.origin());
    assertEquals(second, access.inForce());
    await().until(() -> access.versions().equals(List.of(second, first)));
    assertEquals(first, access.version(5_000).orElseThrow());
  }

  @Test
  void change_otherThanWhatWasSeen_isRefused_andNothingChanges() throws Exception {
    AccessSettings first = say(access, 0, ONE);

    ChangedMeanwhile told =
        assertThrows(ChangedMeanwhile.class, () -> say(access, 0, "rules: [{default: deny}]"));

    assertTrue(String.valueOf(told.getMessage()).contains("version 5000"), told::getMessage);
    assertEquals(first, access.inForce());
  }

  /** Two registries, of which one has not heard yet what the other has had the cluster say. */
  @Test
  void change_elsewhereMeanwhile_isRefused() throws Exception {
    try (EmbeddedClusterFacts quiet = new EmbeddedClusterFacts(heard -> {});
        Setting<AccessSettings> late = access(quiet)) {
      AccessSettings first = say(late, 0, ONE);
      assertTrue(quiet.of(AccessFact.ACCESS).replace(first, first.withVersion(6_000)));

      assertThrows(
          ChangedMeanwhile.class, () -> say(late, first.version(), "rules: [{default: deny}]"));
    }
  }

  @Test
  void change_ofAnyVersion_whileAnotherIsMade_losesNeither() throws Exception {
    try (Setting<Bans> here = bans();
        Setting<Bans> elsewhere = bans()) {
      Bans first = here.change(null, bans -> with(bans, "a"), "anna");
      await().until(() -> elsewhere.inForce().equals(first));
      AtomicInteger asked = new AtomicInteger();

      Bans last =
          here.change(
              null,
              bans -> {
                if (asked.getAndIncrement() == 0) {
                  assertDoesNotThrow(() -> elsewhere.change(null, all -> with(all, "b"), "bob"));
                }
                return with(bans, "c");
              },
              "anna");

      assertEquals(
          List.of("a", "b", "c"), last.all().stream().map(ban -> ban.who().text()).toList());
      assertEquals(last, here.inForce());
      await().until(() -> elsewhere.inForce().equals(last));
    }
  }

  private static Bans with(Bans bans, String clientId) {
    List<Ban> all = new ArrayList<>(bans.all());
    all.add(new Ban(Banned.of("client-id", clientId), null, "", "", null, null));
    return new Bans(0, all, List.of());
  }

  private Setting<Bans> bans() {
    return setting(facts, BansFact.BANS, Bans.NONE, new BansFile(BODY, "bans"), Contents::ofBans);
  }

  @Test
  void change_toTheSame_isNoNewVersion() throws Exception {
    AccessSettings first = say(access, 0, ONE);

    assertEquals(first, say(access, first.version(), ONE));
    assertEquals(List.of(first), access.versions());
  }

  @Test
  void read_whatCannotBe_isToldWithItsLine() {
    OptionException told =
        assertThrows(OptionException.class, () -> access.read("rules:\n  - alow: publish"));

    assertEquals("access: the request, line 2: alow: a rule has no such line", told.getMessage());
  }

  @Test
  void contentOf_rules_isReadAsTheSame() throws Exception {
    AccessSettings said = say(access, 0, ONE);

    String content = access.contentOf(said).toString();

    assertTrue(access.read(content).saysTheSameAs(access.read(ONE)), content);
    assertEquals("{}", access.contentOf(AccessSettings.NONE).toString());
    assertTrue(access.read("{}").saysTheSameAs(AccessSettings.NONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bans: []",
        "bans: [{client-id: a, namespace: b, reason: c, until: '2026-11-26T15:00:00Z'}]\n"
            + "pardons: [{address: 10.0.0.0/8, at: '2026-11-26T15:00:00Z'}]",
      })
  void contentOf_bans_isReadAsTheSame(String text) {
    try (Setting<Bans> bans = bans()) {
      assertSameContent(bans, text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "'': {sessions: 5}\nplant: {queue-bytes: 7, consistency: strong}"})
  void contentOf_namespaces_isReadAsTheSame(String text) {
    try (Setting<Namespaces> namespaces =
        setting(
            facts,
            NamespacesFact.NAMESPACES,
            Namespaces.NONE,
            new NamespacesFile(BODY, "namespaces"),
            Contents::ofNamespaces)) {
      assertSameContent(namespaces, text);
    }
  }

  private static <T extends FromFile<T>> void assertSameContent(Setting<T> setting, String text) {
    T said = setting.read(text);
    String content = setting.contentOf(said).toString();
    assertTrue(setting.read(content).saysTheSameAs(said), content);
  }
}
