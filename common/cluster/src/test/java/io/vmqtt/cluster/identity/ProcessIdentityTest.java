package io.vmqtt.cluster.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {
  private static final TestAuthority AUTHORITY = new TestAuthority("ours");
  private static final TestAuthority STRANGER = new TestAuthority("theirs");

  @TempDir private Path folder;
  private IdentityFolder files;
  private ProcessIdentity store;

  @BeforeEach
  void start() throws IOException {
    files = new IdentityFolder(folder, AUTHORITY, Role.SESSION_STORE);
    store = files.as(Role.SESSION_STORE);
  }

  @AfterEach
  void end() {
    store.close();
  }

  @Test
  void rolesOfACertificate_thoseThatItsNamesSay() {
    assertEquals(
        Set.of(Role.EDGE_GATEWAY, Role.SESSION_STORE),
        ProvenRoles.of(
            AUTHORITY
                .signUris(
                    "two", "vmqtt:role:session-store", "vmqtt:role:edge-gateway", "vmqtt:role:king")
                .certificate()));
    assertEquals(Set.of(), ProvenRoles.of(AUTHORITY.sign("session-store").certificate()));
  }

  @Test
  void start_certificateOfAnotherRole_saysWhatIsNeeded() {
    assertEquals(
        files.files().certificate()
            + ": a certificate of routing-service is needed, with vmqtt:role:routing-service among"
            + " its names; this is one of session-store",
        assertThrows(IOException.class, () -> files.as(Role.ROUTING_SERVICE)).getMessage());
  }

  @Test
  void trust_theRoleThatIsExpected_alone() throws CertificateException {
    X509ExtendedTrustManager trust = store.trust(Set.of(Role.ROUTING_SERVICE));

    trust.checkClientTrusted(shown(AUTHORITY, Role.ROUTING_SERVICE), "UNKNOWN");
    trust.checkServerTrusted(shown(AUTHORITY, Role.ROUTING_SERVICE), "UNKNOWN");
    assertEquals(
        "refuses a caller: a certificate of routing-service was expected, one of edge-gateway"
            + " (CN=one) came",
        refusal(trust, shown(AUTHORITY, Role.EDGE_GATEWAY)));
    String ofStranger = refusal(trust, shown(STRANGER, Role.ROUTING_SERVICE));
    assertTrue(ofStranger.contains("one of routing-service (CN=one) came; it is not good: "));
  }

  private static X509Certificate[] shown(TestAuthority authority, Role role) {
    return new X509Certificate[] {IdentityFolder.signed(authority, role).certificate()};
  }

  private static String refusal(X509ExtendedTrustManager trust, X509Certificate[] shown) {
    return String.valueOf(
        assertThrows(WrongPeerException.class, () -> trust.checkClientTrusted(shown, "UNKNOWN"))
            .getMessage());
  }

  @Test
  void newFiles_areShownFromThenOn_andWhatWasChosenBeforeIsStillThere() {
    X509ExtendedKeyManager own = store.own();
    String before = own.chooseClientAlias(new String[] {"EC"}, null, null);
    X509Certificate first = own.getCertificateChain(before)[0];
    Signed next = IdentityFolder.signed(AUTHORITY, Role.SESSION_STORE);

    files.show(next);
    store.look();

    String now = own.chooseClientAlias(new String[] {"RSA", "EC"}, null, null);
    assertEquals(next.certificate(), own.getCertificateChain(now)[0]);
    assertEquals(next.bundle().getKeyPair().getPrivate(), own.getPrivateKey(now));
    assertEquals(first, own.getCertificateChain(before)[0]);
    assertFalse(now.equals(before));
  }

  @Test
  void newFiles_ofAnotherRole_changeNothing() {
    X509ExtendedKeyManager own = store.own();
    String before = own.chooseEngineServerAlias("EC", null, null);

    files.show(IdentityFolder.signed(AUTHORITY, Role.EDGE_GATEWAY));
    store.look();

    assertEquals(before, own.chooseEngineServerAlias("EC", null, null));
  }
}
