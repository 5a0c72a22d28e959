package io.vmqtt.gateway.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AccessTest {
  private static final Message MESSAGE =
      new Message(
          "t", ByteBuffer.allocate(0), Qos.AT_MOST_ONCE, false, MessageProperties.NONE, 0, 0);

  @Test
  void openAccess_authenticate_isWhoeverItSaysInTheNamespaceOfItsListener() {
    assertEquals(
        new Authentication.Accepted(
            new Identity(
                Namespace.of("here"),
                "client",
                "user",
                InetSocketAddress.createUnresolved("somewhere", 4711),
                null)),
        new OpenAccess().authenticate(credentials("user")).resultNow());
  }

  /** It is asked for every message: the answer must cost nothing. */
  @Test
  void openAccess_authorizePublish_isOneConstantThatIsThereAtOnce() {
    OpenAccess access = new OpenAccess();
    Identity who = credentials(null).identity(Namespace.NAMELESS);

    assertTrue(access.authorizePublish(who, MESSAGE).isDone());
    assertSame(access.authorizePublish(who, MESSAGE), access.authorizePublish(who, MESSAGE));
    assertEquals(Permission.GRANTED, access.authorizePublish(who, MESSAGE).resultNow());
  }

  @ParameterizedTest
  @EnumSource
  void known_everyPermission_isItself(Permission permission) {
    assertEquals(permission, permission.known().resultNow());
    assertEquals(permission != Permission.GRANTED, permission.reason().isError());
  }

  @ParameterizedTest
  @CsvSource({
    "tenant-1/me, tenant-1",
    "tenant-1/a/b, tenant-1",
    "tenant-1/, tenant-1",
    "me, here",
    "/me, here",
    "Not A Name/me, here",
    ", here",
  })
  void namespaceByUserName_authenticate_isWhatStandsBeforeTheSlash(
      @Nullable String userName, String namespace) {
    Access access = new NamespaceByUserName(new OpenAccess());

    Authentication answer = access.authenticate(credentials(userName)).resultNow();

    assertEquals(
        new Authentication.Accepted(credentials(userName).identity(Namespace.of(namespace))),
        answer);
  }

  @Test
  void namespaceByUserName_allElse_isUpToTheOther() {
    FakeAccess other = new FakeAccess();
    other.now(FakeAccess.How.DENIES);
    Access access = new NamespaceByUserName(other);
    Identity who = credentials(null).identity(Namespace.NAMELESS);

    assertEquals(
        Permission.DENIED, access.forIdentity(who).authorizePublish(who, MESSAGE).resultNow());
  }

  @Test
  void password_bytes_areWhatWasSentAndNobodyElses() {
    byte[] sent = {0, 1, (byte) 0xFF};
    Password password = new Password(sent);

    password.bytes()[0] = 9;

    assertArrayEquals(new byte[] {0, 1, (byte) 0xFF}, password.bytes());
    assertTrue(password.is(new byte[] {0, 1, (byte) 0xFF}));
    assertFalse(password.is(new byte[] {0, 1}));
  }

  @Test
  void credentials_toString_haveNoPassword() {
    assertFalse(credentials("user").toString().contains("secret"));
    assertTrue(credentials("user").toString().contains("a password"));
  }

  @Test
  void refused_reasonThatConnAckDoesNotHave_isRefusedItself() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Authentication.Refused(ReasonCode.SESSION_TAKEN_OVER));
    assertThrows(
        IllegalArgumentException.class, () -> new Authentication.Refused(ReasonCode.SUCCESS));
  }

  private static Credentials credentials(@Nullable String userName) {
    return new Credentials(
        Namespace.of("here"),
        "client",
        userName,
        new Password("secret".getBytes(StandardCharsets.UTF_8)),
        InetSocketAddress.createUnresolved("somewhere", 4711),
        null);
  }
}
