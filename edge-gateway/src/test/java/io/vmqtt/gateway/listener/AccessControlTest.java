package io.vmqtt.gateway.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.facts.Fact;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.CertificateUsers.Part;
import io.vmqtt.gateway.access.ClientIds;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.access.bans.Guard;
import io.vmqtt.gateway.access.bans.GuardedAccess;
import io.vmqtt.gateway.access.bans.HoldOffTerms;
import io.vmqtt.gateway.access.bans.HoldOffs;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.access.scram.ScramHash;
import io.vmqtt.gateway.access.scram.ScramKeys;
import io.vmqtt.gateway.config.AccessMethods;
import io.vmqtt.gateway.config.AccessMethods.CertificateUser;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.LogConfig;
import io.vmqtt.gateway.config.OutsideMethods;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.config.TransportConfig;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.tls.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessControlTest {
  private static final X509Certificate PUMP =
      new TestAuthority("devices").sign("pump").certificate();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AccessControl control = new AccessControl(registry);

  @TempDir private Path folder;

  @AfterEach
  void close() {
    control.close();
  }

  @Test
  void of_nothingIsSaid_everybodyIsWhoTheySayTheyAre() throws IOException {
    AccessMethods methods = AccessMethods.NONE;

    assertEquals("anna", outcome(methods, "anna", "", null));
    assertEquals("nobody", outcome(methods, null, null, null));
  }

  @Test
  void of_allMethods_certificateThenPasswordThenNobody() throws IOException {
    AccessMethods methods =
        new AccessMethods(new CertificateUser(Part.COMMON_NAME, ".+"), null, users(), true, null);

    assertEquals("pump", outcome(methods, "anna", "staple", PUMP));
    assertEquals("anna", outcome(methods, "anna", "staple", null));
    assertEquals("BAD_USER_NAME_OR_PASSWORD", outcome(methods, "anna", "wrong", null));
    assertEquals("BAD_USER_NAME_OR_PASSWORD", outcome(methods, "bert", "staple", null));
    assertEquals("nobody", outcome(methods, null, null, null));
    assertEquals(3, registry.get("vmqtt.gateway.credentials.checked").functionCounter().count());
  }

  @Test
  void of_clientIdsAreBound_alsoWhereNothingElseIsSaid() throws IOException {
    AccessMethods methods = new AccessMethods(null, null, null, false, new ClientIds("c-%u"));

    assertEquals("anna", outcome(methods, "anna", "", null));
    assertEquals("CLIENT_IDENTIFIER_NOT_VALID", outcome(methods, "bert", "", null));
  }

  @Test
  void of_usersOfProxies_areThoseThatTheirNamesStandFor() throws IOException {
    AccessMethods methods =
        new AccessMethods(
            new CertificateUser(Part.COMMON_NAME, ".+"),
            null,
            users(),
            false,
            null,
            OutsideMethods.NONE,
            "([^.]+)\\.plant");

    assertEquals("pump-7", proxied(methods, "pump-7.plant"));
    assertEquals("anna", proxied(methods, "pump-7.elsewhere"), "others may know her");
    assertEquals("anna", proxied(methods, null));
  }

  private String proxied(AccessMethods methods, @Nullable String name) throws IOException {
    ListenerConfig listener = listener(methods);
    control.read(List.of(listener));
    Credentials credentials =
        new Credentials(
            Namespace.NAMELESS,
            "c",
            "anna",
            new Password("staple".getBytes(StandardCharsets.UTF_8)),
            null,
            null,
            name);
    Authentication answer = control.of(listener).authenticate(credentials).join();
    return answer instanceof Authentication.Accepted(Identity who)
        ? String.valueOf(who.userName())
        : "refused";
  }

  /** What becomes of somebody who calls himself an operator. */
  private Authentication whereCertificatesAreRequired(@Nullable X509Certificate shown) {
    TlsConfig tls =
        new TlsConfig(
            Path.of("c"), Path.of("k"), null, ClientCertificates.REQUIRED, Path.of("a"), null);
    ListenerConfig listener =
        new ListenerConfig(
            "tls",
            "0.0.0.0",
            0,
            Namespace.NAMELESS,
            Limits.DEFAULT,
            0,
            AccessMethods.NONE,
            TransportConfig.of(tls));

    return control
        .of(listener)
        .authenticate(new Credentials(Namespace.NAMELESS, "c", "operator", null, null, shown))
        .join();
  }

  /** Rules are worth as much as the proof of the names that they are about. */
  @Test
  void of_certificateIsRequiredAndNothingSaysWhomItNames_nobodyHasAName() {
    Authentication answer = whereCertificatesAreRequired(PUMP);

    assertTrue(
        answer instanceof Authentication.Accepted(Identity who) && who.userName() == null,
        answer::toString);
  }

  /** It came when nobody asked for one. */
  @Test
  void of_certificateIsRequiredAndThereIsNone_nobodyComesIn() {
    Authentication answer = whereCertificatesAreRequired(null);

    assertEquals(new Authentication.Refused(ReasonCode.NOT_AUTHORIZED), answer);
  }

  /** A mechanism that nobody could use is none. */
  @Test
  void of_usersWithKeys_mechanismsAreThoseThatTheyCanUse() throws IOException {
    AccessMethods without = new AccessMethods(null, null, users(), false, null);
    assertEquals(List.of(), mechanisms(without));

    Path keys =
        Files.writeString(
            folder.resolve("keys"),
            "anna:"
                + ScramKeys.of(
                        ScramHash.SHA_512,
                        "pencil".getBytes(StandardCharsets.UTF_8),
                        new byte[] {1},
                        4096)
                    .text());
    AccessMethods with = new AccessMethods(null, null, keys, false, null);
    assertEquals(List.of("SCRAM-SHA-512"), mechanisms(with));
    assertEquals("anna", outcome(with, "anna", "pencil", null));
    assertEquals(List.of(), mechanisms(AccessMethods.NONE));
  }

  private List<String> mechanisms(AccessMethods methods) throws IOException {
    ListenerConfig listener = listener(methods);
    control.read(List.of(listener));
    Access access = control.of(listener);
    Credentials credentials = new Credentials(Namespace.NAMELESS, "c", null, null, null, null);
    return Stream.of("SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "JWT")
        .filter(name -> access.begin(name, credentials, null).isPresent())
        .toList();
  }

  @Test
  void keepOnly_some_theOthersAreReadAnewWhenTheyAreNeeded() throws IOException {
    Path users = users();
    AccessMethods methods = new AccessMethods(null, null, users, false, null);
    assertEquals("anna", outcome(methods, "anna", "staple", null));

    control.keepOnly(List.of(listener(methods))).forEach(Runnable::run);

    assertEquals("anna", outcome(methods, "anna", "staple", null));
    double checked = registry.get("vmqtt.gateway.credentials.checked").functionCounter().count();
    assertEquals(1, checked, "it is remembered");

    control.keepOnly(List.of()).forEach(Runnable::run);
    Files.writeString(users, "");

    assertEquals("BAD_USER_NAME_OR_PASSWORD", outcome(methods, "anna", "staple", null));
  }

  @Test
  void keepOnly_noneThatAsksOutside_nobodyIsAskedUntilThereIsOne() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    ListenerConfig listener =
        listener(
            new AccessMethods(
                null,
                null,
                null,
                false,
                null,
                new OutsideMethods(
                    List.of(new OutsideMethods.Http(uri, null, null, null)),
                    Duration.ofSeconds(10),
                    1,
                    Duration.ZERO)));
    try {
      control.read(List.of(listener));
      Access before = control.of(listener);
      assertTrue(letsIn(before));

      control.keepOnly(List.of(listener)).forEach(Runnable::run);
      assertTrue(letsIn(before));

      control.keepOnly(List.of()).forEach(Runnable::run);
      assertFalse(letsIn(before));

      control.read(List.of(listener));
      assertTrue(letsIn(control.of(listener)));
    } finally {
      server.stop(0);
    }
  }

  private static boolean letsIn(Access access) {
    try {
      return access
              .authenticate(
                  new Credentials(
                      Namespace.NAMELESS, "c", "anna", new Password(new byte[] {1}), null, null))
              .join()
          instanceof Authentication.Accepted;
    } catch (RuntimeException _) {
      return false; // it failed, which means no
    }
  }

  @Test
  void read_fileIsBroken_theComplaintNamesIt() throws IOException {
    Path file = Files.writeString(folder.resolve("users"), "anna\n");
    AccessMethods methods = new AccessMethods(null, null, file, false, null);

    assertEquals(
        file + ": line 1: not NAME:HASH",
        assertThrows(IOException.class, () -> control.read(List.of(listener(methods))))
            .getMessage());
  }

  @Test
  void tellOf_guard_itsHoldOffsAreCountedAndAudited() throws IOException {
    Path audit = folder.resolve("audit.json");
    HoldOffs holdOffs =
        new HoldOffs(
            new HoldOffTerms(Duration.ofMinutes(5), Duration.ofMinutes(1), 1, 0, 0, List.of()),
            InstantSource.system(),
            System::nanoTime);
    control.writeDown(new LogConfig(false, audit, 1 << 20, 1), "gateway-1");
    Guard guard = new Guard(LiveBans.none(), holdOffs);
    control.tellOf(guard);
    guard.follow(Bans.NONE);
    Access guarded =
        new GuardedAccess(
            guard, control.of(listener(new AccessMethods(null, null, null, true, null))));
    Credentials wrong =
        new Credentials(
            Namespace.NAMELESS, "c", "anna", null, new InetSocketAddress("192.0.2.1", 1), null);

    for (int i = 0; i < 3; i++) {
      guarded.authenticate(wrong).join();
    }

    assertEquals(1, registry.get("vmqtt.gateway.held.off").functionCounter().count());
    assertEquals(1, registry.get("vmqtt.gateway.held.off.connects").functionCounter().count());
    await()
        .until(
            () ->
                Files.readString(audit)
                    .contains("\"event\":\"hold_off\",\"allowed\":false,\"reason\":\"banned\""));
    assertTrue(Files.readString(audit).contains("\"user\":\"anna\",\"from\":\"192.0.2.1:1\""));

    Pardon pardon = new Pardon(Banned.of("user", "anna"), Instant.now(), "a mistake", "bob");
    guard.follow(new Bans(1, List.of(), List.of(pardon)));

    assertEquals(1, registry.get("vmqtt.gateway.held.off.pardoned").functionCounter().count());
    String line =
        "\"event\":\"pardon\",\"user\":\"anna\",\"at\":\""
            + pardon.at()
            + "\",\"by\":\"bob\",\"reason\":\"a mistake\",\"taken_back\":1,\"node\":\"gateway-1\"}";
    await().until(() -> Files.readString(audit).contains(line));
  }

  private static Ban ban(String clientId) {
    return new Ban(
        new Banned.ClientId(clientId),
        Namespace.of("plant"),
        "stolen",
        "anna",
        Instant.EPOCH,
        Instant.EPOCH.plusSeconds(1));
  }

  /** The lines of changes, from what they are about on. */
  private static List<String> changes(Path audit) throws IOException {
    return Files.readAllLines(audit).stream()
        .filter(line -> line.contains("\"event\":\"change\"") && line.endsWith("}"))
        .map(line -> line.substring(line.indexOf("\"of\"")))
        .sorted() // each kind of fact is told of by itself
        .toList();
  }

  private static void awaitChanges(Path audit, List<String> lines) {
    await().untilAsserted(() -> assertEquals(lines, changes(audit)));
  }

  @Test
  void tellOf_facts_eachThatIsTakenOverIsCountedAndAuditedWithWhereItWasSaid() throws IOException {
    Path audit = folder.resolve("audit.json");
    control.writeDown(new LogConfig(false, audit, 1 << 20, 1), "gateway-1");
    try (EmbeddedClusterFacts facts = new EmbeddedClusterFacts()) {
      AccessSettings nothing = facts.of(AccessFact.ACCESS).create(AccessSettings.NONE);
      control.tellOf(facts);
      TopicRules rules = new TopicRules(List.of(), Effect.ALLOW);
      Origin origin = new Origin("/etc/access.yaml", "bert");
      assertTrue(
          facts.of(AccessFact.ACCESS).replace(nothing, new AccessSettings(3, rules, origin)));
      facts.of(BansFact.BANS).create(new Bans(4, List.of(ban("c"))));
      facts
          .of(NamespacesFact.NAMESPACES)
          .create(new Namespaces(5, Map.of(Namespace.of("plant"), NamespaceTerms.STANDARD)));

      String by = "\"node\":\"gateway-1\"}";
      awaitChanges(
          audit,
          List.of(
              "\"of\":\"access\",\"version\":3,\"count\":0,\"file\":\"/etc/access.yaml\","
                  + "\"owner\":\"bert\","
                  + by,
              "\"of\":\"bans\",\"version\":4,\"count\":1," + by,
              "\"of\":\"namespaces\",\"version\":5,\"count\":1," + by));
      assertEquals(
          3,
          registry.find("vmqtt.gateway.access.changes").counters().stream()
              .mapToDouble(Counter::count)
              .sum());
    }
  }

  @Test
  void tellOf_bans_whichAreNewAndWhichAreNoMoreIsAudited() throws IOException {
    Path audit = folder.resolve("audit.json");
    control.writeDown(new LogConfig(false, audit, 1 << 20, 1), "gateway-1");
    try (EmbeddedClusterFacts facts = new EmbeddedClusterFacts()) {
      Fact<Bans> fact = facts.of(BansFact.BANS);
      Bans before = fact.create(new Bans(1, List.of(ban("a"), ban("b"))));
      control.tellOf(facts);
      String first = "\"of\":\"bans\",\"version\":1,\"count\":2,\"node\":\"gateway-1\"}";
      awaitChanges(audit, List.of(first));

      Bans next = new Bans(2, List.of(ban("b"), ban("c")));
      assertTrue(fact.replace(before, next));

      String rest =
          "\",\"namespace\":\"plant\",\"by\":\"anna\",\"reason\":\"stolen\","
              + "\"until\":\"1970-01-01T00:00:01Z\"}]";
      String second =
          "\"of\":\"bans\",\"version\":2,\"count\":2,\"added\":[{\"client-id\":\"c"
              + rest
              + ",\"lifted\":[{\"client-id\":\"a"
              + rest
              + ",\"node\":\"gateway-1\"}";
      awaitChanges(audit, List.of(first, second));

      List<Ban> many = IntStream.range(0, 25).mapToObj(i -> ban("many" + i)).toList();
      assertTrue(fact.replace(next, new Bans(3, many)));

      await().until(() -> changes(audit).size() == 3);
      String third = changes(audit).getLast();
      assertTrue(third.contains("many19") && !third.contains("many20"), third);
      assertTrue(third.contains("\"added_more\":5"), third);
    }
  }

  @Test
  void read_usersAndKeys_areAuditedWithTheirFilesNowAndWhenTheyChange() throws IOException {
    Path audit = folder.resolve("audit.json");
    control.writeDown(new LogConfig(false, audit, 1 << 20, 1), "gateway-1");
    Path file = users();
    String owner = Files.getOwner(file).getName();
    control.read(List.of(listener(new AccessMethods(null, null, file, false, null))));
    String rest = ",\"file\":\"" + file + "\",\"owner\":\"" + owner + "\",\"node\":\"gateway-1\"}";
    String first = "\"of\":\"passwords\",\"count\":1" + rest;
    awaitChanges(audit, List.of(first));

    Files.writeString(file, Files.readString(file) + Files.readString(file).replace("anna", "bob"));

    awaitChanges(audit, List.of(first, "\"of\":\"passwords\",\"count\":2" + rest));
  }

  private Path users() throws IOException {
    return Files.writeString(
        folder.resolve("users"),
        "anna:$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA\n");
  }

  /** The user that is let in, or why nobody is. */
  private String outcome(
      AccessMethods methods,
      @Nullable String user,
      @Nullable String password,
      @Nullable X509Certificate certificate)
      throws IOException {
    ListenerConfig listener = listener(methods);
    control.read(List.of(listener));
    Credentials credentials =
        new Credentials(
            Namespace.NAMELESS,
            "c-anna",
            user,
            password == null ? null : new Password(password.getBytes(StandardCharsets.UTF_8)),
            null,
            certificate);
    return switch (control.of(listener).authenticate(credentials).join()) {
      case Authentication.Accepted(Identity who) ->
          who.userName() == null ? "nobody" : who.userName();
      case Authentication.Refused(var reason) -> reason.name();
    };
  }

  private static ListenerConfig listener(AccessMethods methods) {
    return new ListenerConfig(
        "plant",
        "127.0.0.1",
        0,
        Namespace.NAMELESS,
        Limits.DEFAULT,
        0,
        methods,
        TransportConfig.TCP);
  }
}
