package io.vmqtt.gateway.access.ldap;

import static io.vmqtt.gateway.access.AskedClient.accepted;
import static io.vmqtt.gateway.access.AskedClient.client;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.UncountedQuestions;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.tls.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a directory that others wrote. */
class LdapUsersTest {
  private static final String BASE = "dc=example,dc=org";
  private static final String PEOPLE = "ou=people," + BASE;
  private static final String READER = "cn=reader";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final LdapEntries NAMED = LdapEntries.Named.read("uid=%u," + PEOPLE);
  private static final LdapEntries FOUND = LdapEntries.Found.read(BASE, "(uid=%u)", null);
  private static final Optional<Authentication> REFUSED =
      refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
  private static final Optional<Authentication> UNAVAILABLE =
      refused(ReasonCode.SERVER_UNAVAILABLE);

  private static final TestAuthority OURS = new TestAuthority("ours");

  private final Outsider outsider =
      new Outsider("ldap", 4, TIMEOUT, new UncountedQuestions(), System::nanoTime);
  private final List<LdapServer> servers = new ArrayList<>();
  private InMemoryDirectoryServer directory = directory(OURS.sign("directory"));

  @TempDir private Path folder;

  private static InMemoryDirectoryServer directory(TestAuthority.Signed certificate) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(TestAuthority.keys(certificate).getKeyManagers(), null, null);
      InetAddress here = InetAddress.getLoopbackAddress();
      InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
      config.setSchema(null);
      config.addAdditionalBindCredentials(READER, "reader's");
      config.setListenerConfigs(
          InMemoryListenerConfig.createLDAPConfig("plain", here, 0, context.getSocketFactory()),
          InMemoryListenerConfig.createLDAPSConfig(
              "tls", here, 0, context.getServerSocketFactory(), context.getSocketFactory()));
      return new InMemoryDirectoryServer(config);
    } catch (Exception e) {
      throw new IllegalStateException("no directory", e);
    }
  }

  @BeforeEach
  void serve() throws LDAPException {
    directory.startListening();
    directory.add(BASE, new Attribute("objectClass", "domain"), new Attribute("dc", "example"));
    directory.add(
        PEOPLE, new Attribute("objectClass", "organizationalUnit"), new Attribute("ou", "people"));
    add("anna", "staple");
  }

  private void add(String user, String password) throws LDAPException {
    DN name = new DN(new RDN("uid", user), new DN(PEOPLE));
    directory.add(
        name.toString(),
        new Attribute("objectClass", "account"),
        new Attribute("uid", user),
        new Attribute("userPassword", password));
  }

  @AfterEach
  void close() {
    servers.forEach(LdapServer::close);
    outsider.close();
    directory.shutDown(true);
  }

  @Test
  void judge_entryIsNamed_comesInWithItsPasswordAlone() {
    LdapUsers users = users(NAMED);

    assertEquals(accepted("anna"), judge(users, "anna", "staple"));
    assertEquals(Optional.empty(), judge(users, "anna", "horse"));
    assertEquals(Optional.empty(), judge(users, "bert", "staple"));
    assertEquals(accepted("anna"), judge(users, "anna", "staple"), "nothing is left of it");
  }

  @Test
  void judge_entryIsFound_comesInWithItsPasswordAlone() {
    LdapUsers users = users(FOUND);

    assertEquals(accepted("anna"), judge(users, "anna", "staple"));
    assertEquals(REFUSED, judge(users, "anna", "horse"));
    assertEquals(Optional.empty(), judge(users, "bert", "staple"));
  }

  /** A bind without a password succeeds, and proves nothing. */
  @Test
  void judge_noPassword_isForAnotherMethod() {
    for (LdapEntries entries : List.of(NAMED, FOUND)) {
      LdapUsers users = users(entries);
      assertEquals(Optional.empty(), judge(users, "anna", ""));
      assertEquals(Optional.empty(), judge(users, "anna", null));
      assertEquals(Optional.empty(), judge(users, "", "staple"));
      assertEquals(Optional.empty(), judge(users, null, "staple"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anna," + PEOPLE,
        "anna,ou=people",
        "anna+uid=anna",
        "*",
        "a*",
        "anna)(uid=*",
        "*)(|(uid=*",
        "ann\\61",
        "\\61nna",
        "#04616e6e61",
        "anna\\",
        "\"anna\"",
        "an%75",
        "%u"
      })
  void judge_nameIsMadeToMeanAnother_isNobody(String user) {
    assertEquals(Optional.empty(), judge(users(NAMED), user, "staple"));
    assertEquals(Optional.empty(), judge(users(FOUND), user, "staple"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b", "a+b=c", "x*y(z)", "a\\b", "\\2a", "#x", "a\"b", "<a;b>", "a=b", "grün", "😀", "%u",
        "a  b"
      })
  void judge_nameHasWhatMeansSomethingElsewhere_isItsUser(String user) throws LDAPException {
    add(user, "own");

    assertEquals(accepted(user), judge(users(NAMED), user, "own"));
    assertEquals(accepted(user), judge(users(FOUND), user, "own"));
  }

  @Test
  void judge_nameFromTheDirectory_isAsItIsWrittenThere() {
    LdapUsers users = users(LdapEntries.Found.read(BASE, "(uid=%u)", "uid"));

    assertEquals(accepted("anna"), judge(users, "ANNA", "staple"));
    assertEquals(
        UNAVAILABLE,
        judge(users(LdapEntries.Found.read(BASE, "(uid=%u)", "mail")), "anna", "staple"));
  }

  /** Else a device became whom it likes by its own good password. */
  @Test
  void judge_entryIsNotFoundByTheUserName_comesInWithoutOneUnlessTheDirectorySaysIt()
      throws LDAPException {
    add("c", "device");
    Optional<Authentication> nameless =
        Optional.of(
            new Authentication.Accepted(client("admin", null).identity(Namespace.NAMELESS, null)));

    assertEquals(
        nameless, judge(users(LdapEntries.Named.read("uid=%c," + PEOPLE)), "admin", "device"));
    assertEquals(
        nameless, judge(users(LdapEntries.Found.read(BASE, "(uid=%c)", null)), "admin", "device"));
    assertEquals(
        accepted("c"),
        judge(users(LdapEntries.Found.read(BASE, "(uid=%c)", "uid")), "admin", "device"));
  }

  @Test
  void judge_severalEntries_letsNobodyIn() throws LDAPException {
    add("bert", "staple");

    assertEquals(
        UNAVAILABLE,
        judge(
            users(LdapEntries.Found.read(BASE, "(|(uid=%u)(uid=bert))", null)), "anna", "staple"));
  }

  @Test
  void judge_whoSearchesHasAPassword_findsWithIt() {
    LdapServer server = server("ldap", false, READER);
    LdapUsers users = new LdapUsers(server, FOUND, outsider);
    server.bindPassword("another");
    assertEquals(UNAVAILABLE, judge(users, "anna", "staple"));

    server.bindPassword("reader's");
    assertEquals(accepted("anna"), judge(users, "anna", "staple"));
    assertEquals(REFUSED, judge(users, "anna", "horse"));
    assertEquals(accepted("anna"), judge(users, "anna", "staple"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldaps", "ldap"})
  void judge_tls_believesTheAuthorityThatItWasTold(String scheme) throws IOException {
    LdapServer server = server(scheme, scheme.equals("ldap"), null);
    LdapUsers users = new LdapUsers(server, NAMED, outsider);
    assertEquals(UNAVAILABLE, judge(users, "anna", "staple"), "the JDK knows no such authority");

    server.authorities(pem(new TestAuthority("theirs")));
    assertEquals(UNAVAILABLE, judge(users, "anna", "staple"), "another one");

    server.authorities(pem(OURS));
    assertEquals(accepted("anna"), judge(users, "anna", "staple"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldaps", "ldap"})
  void judge_tls_believesNoCertificateOfAnotherHost(String scheme)
      throws IOException, LDAPException {
    directory.shutDown(true);
    directory =
        directory(OURS.sign("directory", "elsewhere.example", Instant.now().plusSeconds(3600)));
    serve();
    LdapServer server = server(scheme, scheme.equals("ldap"), null);
    server.authorities(pem(OURS));

    assertEquals(UNAVAILABLE, judge(new LdapUsers(server, NAMED, outsider), "anna", "staple"));
  }

  /** It would have the password of whoever asks. */
  @Test
  void judge_directoryRefersToAnother_thatIsNotAsked() throws LDAPException, IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String elsewhere = "ou=elsewhere," + BASE;
      directory.add(
          elsewhere,
          new Attribute("objectClass", "referral", "extensibleObject"),
          new Attribute("ou", "elsewhere"),
          new Attribute("ref", "ldap://localhost:" + other.getLocalPort() + '/' + elsewhere));
      LdapEntries named = LdapEntries.Named.read("uid=%u," + elsewhere);

      assertEquals(Optional.empty(), judge(users(named), "bert", "staple"));
      assertEquals(Optional.empty(), judge(users(FOUND), "bert", "staple"));
      assertEquals(accepted("anna"), judge(users(FOUND), "anna", "staple"), "who is here is found");
      other.setSoTimeout(1);
      assertThrows(SocketTimeoutException.class, other::accept);
    }
  }

  @Test
  void judge_directoryEndsAndComesBack_isUnavailableMeanwhile() throws LDAPException {
    LdapUsers users = users(FOUND);
    assertEquals(accepted("anna"), judge(users, "anna", "staple"));
    int port = directory.getListenPort("plain");

    directory.shutDown(true);
    assertEquals(UNAVAILABLE, judge(users, "anna", "staple"));

    directory.startListening("plain");
    assertEquals(port, directory.getListenPort("plain"));
    assertEquals(accepted("anna"), judge(users, "anna", "staple"));
  }

  /** Connections are shared, and whoever bound on one leaves nothing there. */
  @Test
  void judge_manyAtOnce_eachIsJudgedByItself() {
    LdapUsers users = users(FOUND);
    List<CompletableFuture<Optional<Authentication>>> verdicts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      verdicts.add(users.judge(client("anna", i % 2 == 0 ? "staple" : "horse")));
    }

    for (int i = 0; i < verdicts.size(); i++) {
      assertEquals(i % 2 == 0 ? accepted("anna") : REFUSED, verdicts.get(i).join());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"uid", "uid=%u,", "uid=%x,dc=org", "uid=%p,dc=org"})
  void read_patternCannotBe_isRefused(String pattern) {
    assertThrows(IllegalArgumentException.class, () -> LdapEntries.Named.read(pattern));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uid=%u)", "(uid=%p)", "(uid"})
  void read_filterCannotBe_isRefused(String filter) {
    assertThrows(IllegalArgumentException.class, () -> LdapEntries.Found.read(BASE, filter, null));
    assertThrows(
        IllegalArgumentException.class, () -> LdapEntries.Found.read("dc", "(uid=%u)", null));
  }

  private LdapUsers users(LdapEntries entries) {
    return new LdapUsers(server("ldap", false, null), entries, outsider);
  }

  private LdapServer server(String scheme, boolean startTls, @Nullable String bindName) {
    int port = directory.getListenPort(scheme.equals("ldaps") ? "tls" : "plain");
    LdapServer server =
        new LdapServer(URI.create(scheme + "://localhost:" + port), startTls, bindName, TIMEOUT, 4);
    servers.add(server);
    return server;
  }

  private byte[] pem(TestAuthority authority) throws IOException {
    return Files.readAllBytes(authority.certificateTo(folder.resolve("ca.pem")));
  }

  private static Optional<Authentication> judge(
      LdapUsers users, @Nullable String user, @Nullable String password) {
    return users.judge(client(user, password)).join();
  }

  private static Optional<Authentication> refused(ReasonCode reason) {
    return Optional.of(new Authentication.Refused(reason));
  }
}
