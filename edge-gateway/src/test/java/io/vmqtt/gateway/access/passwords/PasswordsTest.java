package io.vmqtt.gateway.access.passwords;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {
  /** "correct horse" and "staple", with few iterations. */
  private static final String CORRECT_HORSE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$bwAjbK7z1pSRly4+YEafrgN2h2TWBXvJLc7M4RyvYrU";

  private static final String STAPLE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";

  private static final Optional<Authentication> WRONG =
      Optional.of(new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));

  private final CredentialChecks checks = new CredentialChecks(1, 1);
  private final Passwords passwords = new Passwords(checks);

  @AfterEach
  void close() {
    checks.close();
  }

  @Test
  void judge_rightPassword_isLetInWithItsName() {
    users("anna:" + CORRECT_HORSE);

    assertAccepted(judge("anna", "correct horse").join());
  }

  @Test
  void judge_wrongPasswordOrNone_isRefused() {
    users("anna:" + CORRECT_HORSE);

    assertEquals(WRONG, judge("anna", "staple").join());
    assertEquals(WRONG, judge("anna", null).join());
  }

  @Test
  void judge_userIsDisabled_isRefusedWithTheRightPasswordToo() {
    users("anna:" + CORRECT_HORSE);
    assertAccepted(judge("anna", "correct horse").join());

    users("anna:!" + CORRECT_HORSE);

    assertEquals(WRONG, judge("anna", "correct horse").join());
  }

  /** Another method may know it; that it is not here must not be seen by the time that it takes. */
  @Test
  void judge_userIsUnknown_anotherMayKnowItAndAHashIsComputedAllTheSame() {
    users("anna:" + CORRECT_HORSE);

    assertEquals(Optional.empty(), judge("nobody", "correct horse").join());
    await().until(() -> checks.begun() == 1);
  }

  @Test
  void judge_noUserName_isForAnotherMethodAtOnce() {
    users("anna:" + CORRECT_HORSE);

    assertEquals(Optional.empty(), judge(null, null).join());
    assertEquals(0, checks.begun());
  }

  @Test
  void judge_passwordThatWasRight_isKnownAtOnceUntilTheFileSaysOtherwise() {
    users("anna:" + CORRECT_HORSE);
    judge("anna", "correct horse").join();

    users("anna:" + CORRECT_HORSE + "\nbert:" + STAPLE);
    assertTrue(judge("anna", "correct horse").isDone());
    assertEquals(WRONG, judge("anna", "correct horsf").join());

    users("anna:" + STAPLE);
    assertEquals(WRONG, judge("anna", "correct horse").join());
    assertAccepted(judge("anna", "staple").join());

    users("");
    assertEquals(Optional.empty(), judge("anna", "staple").join());
  }

  @Test
  void judge_tooManyWait_serverIsBusyAndWhoIsKnownStillComesIn() throws InterruptedException {
    users("anna:" + CORRECT_HORSE);
    judge("anna", "correct horse").join();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    assertTrue(
        checks.submit(
            null,
            () -> {
              begun.countDown();
              try {
                end.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            }));
    begun.await();
    CompletableFuture<Optional<Authentication>> waiting = judge("anna", "a");
    assertEquals(1, checks.waiting());

    assertEquals(
        Optional.of(new Authentication.Refused(ReasonCode.SERVER_BUSY)), judge("anna", "b").join());
    assertEquals(1, checks.refused());
    assertAccepted(judge("anna", "correct horse").join());
    assertFalse(waiting.isDone());
    end.countDown();
    assertEquals(WRONG, waiting.join());
  }

  private void users(String lines) {
    passwords.users(PasswordFile.read(lines));
  }

  private CompletableFuture<Optional<Authentication>> judge(
      @Nullable String user, @Nullable String password) {
    return passwords.judge(
        new Credentials(
            Namespace.of("plant"),
            "client",
            user,
            password == null ? null : new Password(password.getBytes(StandardCharsets.UTF_8)),
            null,
            null));
  }

  private static void assertAccepted(Optional<Authentication> answer) {
    assertTrue(
        answer.orElseThrow() instanceof Authentication.Accepted(var identity)
            && identity.namespace().equals(Namespace.of("plant"))
            && "anna".equals(identity.userName()),
        answer::toString);
  }
}
