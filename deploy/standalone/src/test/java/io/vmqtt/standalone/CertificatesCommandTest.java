package io.vmqtt.standalone;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.ProvenRoles;
import io.vmqtt.cluster.tls.Certified;
import io.vmqtt.cluster.tls.PemFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CertificatesCommandTest {
  private static final List<Role> ROLES =
      List.of(Role.EDGE_GATEWAY, Role.ROUTING_SERVICE, Role.SESSION_STORE, Role.CLUSTER_REGISTRY);
  private static final int ROUNDS = 10;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path temporary;
  private Path folder = Path.of("");

  @BeforeEach
  void setUp() {
    folder = temporary.resolve("new");
  }

  private int init(String... arguments) {
    CommandLine vmqtt = Vmqtt.commandLine(Map.of());
    vmqtt.setOut(new PrintWriter(out, true));
    vmqtt.setErr(new PrintWriter(err, true));
    return vmqtt.execute(
        Stream.concat(Stream.of("certificates", "init"), Stream.of(arguments))
            .toArray(String[]::new));
  }

  private Certified read(String name) throws IOException {
    Path certificate = folder.resolve(name + ".pem");
    Path key = folder.resolve(name + ".key");
    return PemFiles.read(List.of(certificate, key)).certified(certificate, key, null);
  }

  @Test
  void init_newFolder_eachRoleHasACertificateOfTheAuthority() throws Exception {
    assertEquals(0, init(folder.toString(), "--host", "broker.example,10.0.0.7", "--days", "10"));

    Path authority = folder.resolve("ca.pem");
    TrustManager[] trust =
        PemFiles.read(List.of(authority)).trust(authority, null).getTrustManagers();
    for (Role role : ROLES) {
      X509Certificate leaf = read(role.serviceName()).leaf();
      assertEquals(Set.of(role), ProvenRoles.of(leaf));
      X509Certificate[] chain = {leaf};
      ((X509TrustManager) trust[0]).checkClientTrusted(chain, "UNKNOWN");
      ((X509TrustManager) trust[0]).checkServerTrusted(chain, "UNKNOWN");
      assertEquals(
          Set.of("vmqtt:role:" + role.serviceName(), "broker.example", "10.0.0.7"), names(leaf));
      Duration left = Duration.between(Instant.now(), leaf.getNotAfter().toInstant());
      assertTrue(left.toDays() == 9 || left.toDays() == 10, left::toString);
    }
  }

  private static Set<String> names(X509Certificate certificate) throws Exception {
    Set<String> names = new TreeSet<>();
    for (List<?> name : certificate.getSubjectAlternativeNames()) {
      names.add(String.valueOf(name.getLast()));
    }
    return names;
  }

  @Test
  void init_keys_areForTheirOwnerAlone() throws IOException {
    init(folder.toString());

    for (String name : List.of("ca", "edge-gateway", "session-store")) {
      assertEquals(
          PosixFilePermissions.fromString("rw-------"),
          Files.getPosixFilePermissions(folder.resolve(name + ".key")));
    }
  }

  @Test
  void init_again_whatIsThereStaysAndWhatIsMissingIsMade() throws IOException {
    init(folder.toString());
    String authority = Files.readString(folder.resolve("ca.pem"));
    String gateway = Files.readString(folder.resolve("edge-gateway.pem"));
    String store = Files.readString(folder.resolve("session-store.pem"));
    Files.delete(folder.resolve("session-store.pem"));
    Files.delete(folder.resolve("session-store.key"));

    assertEquals(0, init(folder.toString()));

    assertEquals(authority, Files.readString(folder.resolve("ca.pem")));
    assertEquals(gateway, Files.readString(folder.resolve("edge-gateway.pem")));
    assertFalse(store.equals(Files.readString(folder.resolve("session-store.pem"))));
    assertEquals(
        read("ca").leaf().getSubjectX500Principal(),
        read("session-store").leaf().getIssuerX500Principal());
    assertTrue(out.toString().contains("edge-gateway.pem is there, and stays"));
  }

  @Test
  void init_renewDays_whatEndsSoonIsMadeAnewByTheSameAuthority() throws IOException {
    String[] shortly = {folder.toString(), "--server", "mqtt=localhost", "--days", "10"};
    assertEquals(0, init(shortly));
    Files.delete(folder.resolve("edge-gateway.pem"));
    Files.delete(folder.resolve("edge-gateway.key"));
    assertEquals(0, init(folder.toString(), "--server", "mqtt=localhost", "--days", "90"));
    Map<String, String> before = texts();

    assertEquals(0, init(folder.toString(), "--server", "mqtt=localhost", "--renew-days", "30"));

    Map<String, String> after = texts();
    assertEquals(before.keySet(), after.keySet());
    assertEquals(
        Set.of("ca.pem", "ca.key", "edge-gateway.pem", "edge-gateway.key"),
        after.keySet().stream()
            .filter(file -> Objects.equals(before.get(file), after.get(file)))
            .collect(Collectors.toSet()));
    for (String name : List.of("session-store", "mqtt")) {
      Duration left = Duration.between(Instant.now(), read(name).notAfter());
      assertTrue(left.toDays() == 364 || left.toDays() == 365, left::toString);
      assertEquals(
          PosixFilePermissions.fromString("rw-------"),
          Files.getPosixFilePermissions(folder.resolve(name + ".key")));
    }
    assertEquals(0, init(folder.toString(), "--server", "mqtt=localhost", "--renew-days", "30"));
    assertEquals(after, texts());
  }

  /** A timer that calls it knows neither hosts nor who runs the broker. */
  @Test
  void init_renewDays_namesOwnersAndRightsAreThoseOfWhatIsRenewed() throws Exception {
    String[] named = {
      folder.toString(), "--host", "broker.example,10.0.0.7", "--server", "mqtt=mqtt.example"
    };
    assertEquals(
        0, init(Stream.concat(Stream.of(named), Stream.of("--days", "10")).toArray(String[]::new)));
    String before = Files.readString(folder.resolve("mqtt.key"));
    for (String file : List.of("mqtt.key", "mqtt.pem")) {
      Files.setPosixFilePermissions(
          folder.resolve(file), PosixFilePermissions.fromString("rw-r-----"));
    }
    UserPrincipal owner = another(folder.resolve("mqtt.key"));

    assertEquals(
        0,
        init(folder.toString(), "--server", "mqtt=localhost", "--renew-days", "30"),
        err::toString);

    assertFalse(before.equals(Files.readString(folder.resolve("mqtt.key"))));
    assertEquals(Set.of("mqtt.example"), names(read("mqtt").leaf()));
    assertEquals(
        Set.of("vmqtt:role:session-store", "broker.example", "10.0.0.7"),
        names(read("session-store").leaf()));
    assertEquals(Set.of(Role.SESSION_STORE), ProvenRoles.of(read("session-store").leaf()));
    for (String file : List.of("mqtt.key", "mqtt.pem")) {
      assertEquals(
          PosixFilePermissions.fromString("rw-r-----"),
          Files.getPosixFilePermissions(folder.resolve(file)));
    }
    assertEquals(owner, Files.getOwner(folder.resolve("mqtt.key")));
  }

  /** Gives it to somebody else, where that can be. */
  private static UserPrincipal another(Path file) throws IOException {
    try {
      Files.setOwner(
          file,
          file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon"));
    } catch (FileSystemException | UserPrincipalNotFoundException e) {
      // Whoever is not root keeps his own, and so does the file.
    }
    return Files.getOwner(file);
  }

  @Test
  void init_twiceAtOnce_isOneAndThenTheOther() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      folder = temporary.resolve("round" + round);
      CyclicBarrier both = new CyclicBarrier(2);
      Callable<Integer> call =
          () -> {
            StringWriter said = new StringWriter();
            CommandLine vmqtt = Vmqtt.commandLine(Map.of());
            vmqtt.setOut(new PrintWriter(said, true));
            vmqtt.setErr(new PrintWriter(said, true));
            both.await();
            int code = vmqtt.execute("certificates", "init", folder.toString());
            assertEquals(0, code, said::toString);
            return code;
          };
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        for (Future<Integer> one : threads.invokeAll(List.of(call, call))) {
          assertEquals(0, one.get());
        }
      }
      assertEquals(
          Stream.concat(Stream.of("ca"), ROLES.stream().map(Role::serviceName))
              .flatMap(name -> Stream.of(name + ".key", name + ".pem"))
              .collect(Collectors.toSet()),
          texts().keySet());
      for (Role role : ROLES) {
        read(role.serviceName()).leaf().verify(read("ca").leaf().getPublicKey());
      }
    }
  }

  private Map<String, String> texts() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  /** Nothing can be good for longer: so each call would renew all of it. */
  @Test
  void init_renewDaysAndTheAuthorityEndsSooner_saysSoAndLeavesWhatIsThere() throws IOException {
    init(folder.toString(), "--ca-days", "20");
    Map<String, String> before = texts();

    assertEquals(0, init(folder.toString(), "--renew-days", "30"));

    assertEquals(before, texts());
    assertTrue(
        out.toString()
            .contains(
                "ca.pem ends at " + read("ca").notAfter() + ", and all that it has signed with it"),
        out::toString);
  }

  @Test
  void init_renewDaysAndAPairIsOfAnotherAuthorityOrCannotBeRead_itStaysAndTheOthersAreRenewed()
      throws IOException {
    init(folder.toString(), "--days", "10");
    Path foreign = temporary.resolve("foreign");
    init(foreign.toString(), "--days", "10");
    for (String file : List.of("edge-gateway.pem", "edge-gateway.key")) {
      Files.move(foreign.resolve(file), folder.resolve(file), REPLACE_EXISTING);
    }
    Files.writeString(folder.resolve("routing-service.key"), "sealed");
    Map<String, String> before = texts();

    assertEquals(0, init(folder.toString(), "--renew-days", "30"));

    Map<String, String> after = texts();
    assertEquals(
        Set.of(
            "ca.pem",
            "ca.key",
            "edge-gateway.pem",
            "edge-gateway.key",
            "routing-service.pem",
            "routing-service.key"),
        after.keySet().stream()
            .filter(file -> Objects.equals(before.get(file), after.get(file)))
            .collect(Collectors.toSet()));
    assertTrue(out.toString().contains("edge-gateway.pem is of another authority"), out::toString);
    assertTrue(out.toString().contains("routing-service.pem cannot be renewed: "), out::toString);
  }

  /** The key of the new pair has its name already, and its certificate has not. */
  @Test
  void init_renewalThatWasInterrupted_isFinished() throws IOException {
    init(folder.toString(), "--days", "10");
    String old = Files.readString(folder.resolve("session-store.pem"));
    Files.delete(folder.resolve("session-store.pem"));
    Files.delete(folder.resolve("session-store.key"));
    init(folder.toString());
    Files.move(folder.resolve("session-store.pem"), folder.resolve("session-store.pem.new"));
    Files.writeString(folder.resolve("session-store.pem"), old);

    assertPairIsMade("session-store");
  }

  @Test
  void init_furtherServers_haveTheirHostsAndNoRole() throws Exception {
    assertEquals(
        0,
        init(
            folder.toString(),
            "--server",
            "mqtt=broker.example,10.0.0.7",
            "--server=web=localhost"));

    assertEquals(Set.of("broker.example", "10.0.0.7"), names(read("mqtt").leaf()));
    assertEquals(Set.of("localhost"), names(read("web").leaf()));
    assertEquals(Set.of(), ProvenRoles.of(read("mqtt").leaf()));
    assertEquals(0, init(folder.toString(), "--server", "mqtt=broker.example"));
    assertTrue(out.toString().contains("mqtt.pem is there, and stays"));
  }

  @Test
  void init_furtherServerThatCannotBe_isRefused() {
    for (String server : List.of("mqtt", "ca=localhost", "edge-gateway=localhost", "../x=a")) {
      assertEquals(2, init(folder.toString(), "--server", server));
      assertTrue(
          err.toString().contains("--server: '" + server + "' is not a name"), err::toString);
    }
    assertEquals(2, init(folder.toString(), "--server", "mqtt=no host"));
    assertTrue(err.toString().contains("--server: 'no host' is no name or address"), err::toString);
    assertFalse(Files.exists(folder));
  }

  @Test
  void init_halfAPair_isNamedAndNothingIsWritten() throws IOException {
    Files.createDirectories(folder);
    Path key = Files.createFile(folder.resolve("cluster-registry.key"));

    assertEquals(2, init(folder.toString()));

    assertTrue(
        err.toString()
            .contains(key + " is there, and " + folder.resolve("cluster-registry.pem") + " is not"),
        err::toString);
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(key), files.toList());
    }
  }

  /** What there is after each of the steps in which a pair is made, were it the last. */
  @Test
  void init_whatWasInterrupted_isFinishedOrMadeAnew() throws IOException {
    init(folder.toString());
    for (String name : List.of("ca", "session-store")) {
      Path key = folder.resolve(name + ".key");
      Path certificate = folder.resolve(name + ".pem");
      Path newKey = folder.resolve(name + ".key.new");
      Path newCertificate = folder.resolve(name + ".pem.new");

      Files.move(certificate, newCertificate);
      assertPairIsMade(name);

      Files.move(key, newKey);
      Files.move(certificate, newCertificate);
      assertPairIsMade(name);

      Files.delete(key);
      Files.move(certificate, newKey); // half a key
      assertPairIsMade(name);
    }
  }

  private void assertPairIsMade(String name) throws IOException {
    assertEquals(0, init(folder.toString()), err::toString);
    assertTrue(read(name).leaf().getNotAfter().toInstant().isAfter(Instant.now()));
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(folder.resolve(name + ".key")));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".new")).toList());
    }
  }

  @Test
  void init_whatCannotBe_isRefused() {
    assertEquals(2, init(folder.toString(), "--host", "no host"));
    assertTrue(err.toString().contains("--host: 'no host' is no name or address"), err::toString);
    assertEquals(2, init(folder.toString(), "--days", "0"));
    assertTrue(err.toString().contains("--days must be 1 to 36500, not 0"), err::toString);
    assertEquals(2, init(folder.toString(), "--days", "30", "--renew-days", "30"));
    assertTrue(err.toString().contains("--renew-days must be 0 to 29, not 30"), err::toString);
    assertFalse(Files.exists(folder));
  }
}
