package io.vmqtt.gateway.access.scram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramTest {
  private static final Credentials CREDENTIALS =
      new Credentials(Namespace.of("plant"), "c", "root", null, null, null);
  private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

  /** The example of RFC 7677, section 3. */
  private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";

  private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String FIRST = "n,,n=user,r=" + NONCE;
  private static final String ASKED =
      "r=" + NONCE + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
  private static final String PROOF = ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  private static final String LAST = "c=biws,r=" + NONCE + SERVER_NONCE + PROOF;

  private final Users users = new Users();

  /** Who has keys, as a test says. */
  private static final class Users implements ScramUsers {
    final Map<String, ScramKeys> keys = new HashMap<>();
    boolean mayComeIn = true;

    @Override
    public boolean haveKeys(ScramHash hash) {
      return keys.values().stream().anyMatch(one -> one.hash() == hash);
    }

    @Override
    public ScramKeys keys(String user, ScramHash hash) {
      return keys.getOrDefault(user, ScramKeys.ofNobody(hash, 4096, SALT));
    }

    @Override
    public boolean mayComeIn(String user, ScramKeys shown) {
      return mayComeIn && keys.containsKey(user);
    }
  }

  @Test
  void exchange_exampleOfRfc7677_isAsItSays() {
    users.keys.put("user", keys(ScramHash.SHA_256, "pencil"));
    Exchange exchange = rfc();

    assertNull(exchange.userName());
    assertEquals(ASKED, challenge(exchange, FIRST));
    assertEquals("user", exchange.userName());
    ExchangeStep.Decided decided = decided(exchange, LAST);

    assertEquals(
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        new String(decided.data(), StandardCharsets.UTF_8));
    assertEquals(
        new Authentication.Accepted(new Identity(Namespace.of("plant"), "c", "user", null, null)),
        decided.answer());
  }

  @ParameterizedTest
  @EnumSource
  void exchange_clientOfOthers_bothProveThatTheyKnowTheKeys(ScramHash hash) throws ScramException {
    users.keys.put("a=b,c", keys(hash, "p\u00e4ss\u00a0word"));
    Scram scram = new Scram(hash, users);
    assertTrue(scram.isOffered());
    ScramClient client =
        ScramClient.builder()
            .advertisedMechanisms(List.of(scram.name()))
            .username("a=b,c")
            .password("p\u00e4ss word".toCharArray())
            .build();

    Exchange exchange = scram.begin(CREDENTIALS);
    client.serverFirstMessage(challenge(exchange, client.clientFirstMessage().toString()));
    ExchangeStep.Decided decided = decided(exchange, client.clientFinalMessage().toString());

    assertInstanceOf(Authentication.Accepted.class, decided.answer());
    client.serverFinalMessage(new String(decided.data(), StandardCharsets.UTF_8));
  }

  @Test
  void exchange_wrongPasswordUnknownOrDisabled_takeTheSameStepsAndFailAlike() {
    users.keys.put("user", keys(ScramHash.SHA_256, "pencil "));
    assertRefusedAtTheEnd();

    users.keys.clear();
    assertRefusedAtTheEnd();

    users.keys.put("user", keys(ScramHash.SHA_256, "pencil"));
    users.mayComeIn = false;
    assertRefusedAtTheEnd();
  }

  private void assertRefusedAtTheEnd() {
    Exchange exchange = rfc();
    assertEquals(ASKED, challenge(exchange, FIRST));
    ExchangeStep.Decided decided = decided(exchange, LAST);
    assertEquals(
        new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD), decided.answer());
    assertEquals(0, decided.data().length, "no signature for whoever has not proved anything");
    assertEquals("user", exchange.userName());
  }

  /** Section 3.1 of RFC 4422: the client begins in its next message then. */
  @Test
  void exchange_nothingWithConnect_isAskedToBegin() {
    users.keys.put("user", keys(ScramHash.SHA_256, "pencil"));
    Exchange exchange = rfc();

    assertEquals("", challenge(exchange, ""));
    assertEquals(ASKED, challenge(exchange, FIRST));
    assertInstanceOf(Authentication.Accepted.class, decided(exchange, LAST).answer());
  }

  @Test
  void exchange_extensionsAndTheOwnNameToActAs_areTaken() {
    for (String first :
        List.of("n,," + "n=user,r=x,z=any", "y,,n=user,r=x", "n,a=user,n=user,r=x")) {
      assertTrue(challenge(rfc(), first).startsWith("r=x" + SERVER_NONCE), first);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "n,,",
        "n,,n=user",
        "n,,r=x,n=user",
        "n,,n=,r=x",
        "n,,n=user,r=",
        "n,,n=us=er,r=x", // no saslname
        "n,,n=us=2c,r=x", // in capitals only
        "n,a=root,n=user,r=x", // acts for another
        "n,,m=more,n=user,r=x", // an extension that must be understood
        "p=tls-exporter,,n=user,r=x", // channel binding
        "p,,n=user,r=x",
      })
  void exchange_firstMessageThatCannotBe_isRefused(String first) {
    users.keys.put("user", keys(ScramHash.SHA_256, "pencil"));
    assertEquals(
        new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD),
        decided(rfc(), first).answer());
  }

  @Test
  void exchange_firstMessageIsNoText_isRefused() {
    assertInstanceOf(ExchangeStep.Decided.class, rfc().next(new byte[] {(byte) 0xFF, 'n'}).join());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c=biws",
        "c=biws,r=" + NONCE + PROOF, // not with what this side said
        "c=biws,r=" + NONCE + SERVER_NONCE + "x" + PROOF,
        "c=eSws,r=" + NONCE + SERVER_NONCE + PROOF, // y,, when it was n,,
        "r=" + NONCE + SERVER_NONCE + ",c=biws" + PROOF,
        "c=biws,r=" + NONCE + SERVER_NONCE + ",x=y" + PROOF, // was not there when it was signed
        "c=biws,r=" + NONCE + SERVER_NONCE, // no proof
        "c=biws,r=" + NONCE + SERVER_NONCE + ",p=",
        "c=biws,r=" + NONCE + SERVER_NONCE + ",p=dHzb",
        "c=biws,r=" + NONCE + SERVER_NONCE + ",p=!!!!",
        "c=biws,r=" + NONCE + SERVER_NONCE + PROOF + ",p=", // two
      })
  void exchange_lastMessageThatProvesNothing_isRefused(String last) {
    users.keys.put("user", keys(ScramHash.SHA_256, "pencil"));
    Exchange exchange = rfc();
    challenge(exchange, FIRST);

    assertEquals(
        new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD),
        decided(exchange, last).answer());
  }

  /** Whoever knows the password has to repeat what both have said all the same [RFC 5802, 5.1]. */
  @ParameterizedTest
  @ValueSource(strings = {"c=eSws,r=" + NONCE + SERVER_NONCE, "c=biws,r=" + NONCE})
  void exchange_rightProofOfSomethingElse_isRefused(String said) {
    ScramKeys keys = keys(ScramHash.SHA_256, "pencil");
    users.keys.put("user", keys);
    Exchange exchange = rfc();
    challenge(exchange, FIRST);
    ScramMechanism with = ScramMechanism.SCRAM_SHA_256;
    byte[] clientKey =
        ScramFunctions.clientKey(
            with,
            ScramFunctions.saltedPassword(
                with,
                StringPreparation.SASL_PREPARATION,
                "pencil".toCharArray(),
                SALT,
                keys.iterations()));
    String message = FIRST.substring(3) + ',' + ASKED + ',' + said;
    byte[] proof =
        ScramFunctions.clientProof(
            clientKey, ScramFunctions.clientSignature(with, keys.storedKey(), message));
    assertTrue(keys.prove(proof, message));

    assertInstanceOf(
        Authentication.Refused.class,
        decided(exchange, said + ",p=" + Base64.getEncoder().encodeToString(proof)).answer());
  }

  /** What one has heard of another's exchange is of no use. */
  @Test
  void exchange_lastMessageOfAnotherExchange_isRefused() {
    users.keys.put("user", keys(ScramHash.SHA_256, "pencil"));
    Scram scram = new Scram(ScramHash.SHA_256, users);
    Exchange one = scram.begin(CREDENTIALS);
    Exchange two = scram.begin(CREDENTIALS);

    assertNotEquals(challenge(one, FIRST), challenge(two, FIRST));
    assertInstanceOf(Authentication.Refused.class, decided(two, LAST).answer());
  }

  @Test
  void isOffered_nobodyHasKeysOfThatHash_false() {
    users.keys.put("user", keys(ScramHash.SHA_256, "pencil"));

    assertTrue(new Scram(ScramHash.SHA_256, users).isOffered());
    assertFalse(new Scram(ScramHash.SHA_512, users).isOffered());
  }

  private Exchange rfc() {
    return new Scram(ScramHash.SHA_256, users, () -> SERVER_NONCE).begin(CREDENTIALS);
  }

  private static ScramKeys keys(ScramHash hash, String password) {
    return ScramKeys.of(hash, password.getBytes(StandardCharsets.UTF_8), SALT, 4096);
  }

  private static String challenge(Exchange exchange, String said) {
    return new String(
        assertInstanceOf(ExchangeStep.Challenge.class, next(exchange, said)).data(),
        StandardCharsets.UTF_8);
  }

  private static ExchangeStep.Decided decided(Exchange exchange, String said) {
    return assertInstanceOf(ExchangeStep.Decided.class, next(exchange, said));
  }

  private static ExchangeStep next(Exchange exchange, String said) {
    return exchange.next(said.getBytes(StandardCharsets.UTF_8)).join();
  }
}
