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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {
  /** "correct horse" and "staple", with few iterations. */
  private static final String CORRECT_HORSE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$bwAjbK7z1pSRly4+YEafrgN2h2TWBXvJLc7M4RyvYrU";

  private static final String STAPLE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";

  private static final int CROWD = 50;

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
    CountDownLatch end = hold(checks);
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

  /** Devices that share a user, and come to a gateway that has just started. */
  @Test
  void judge_crowdWithOnePassword_costsOneHash() throws InterruptedException {
    try (CredentialChecks roomy = new CredentialChecks(1, 2 * CROWD)) {
      List<Optional<Authentication>> answers = crowd(roomy, "anna", "correct horse", "");

      answers.forEach(PasswordsTest::assertAccepted);
      assertEquals(1, roomy.begun());
    }
  }

  /** What a wrong one costs tells nobody whether there is such a user. */
  @Test
  void judge_crowdWithOneWrongPassword_costsAsManyHashesWhoeverTheUserIs()
      throws InterruptedException {
    for (String user : List.of("anna", "nobody")) {
      try (CredentialChecks roomy = new CredentialChecks(1, 2 * CROWD)) {
        List<Optional<Authentication>> answers = crowd(roomy, user, "staple", "");

        assertEquals(
            Set.of(user.equals("anna") ? WRONG : Optional.empty()), Set.copyOf(answers), user);
        assertEquals(CROWD, roomy.begun(), user);
      }
    }
  }

  @Test
  void judge_userIsDisabledWhileACrowdWaits_letsNobodyIn() throws InterruptedException {
    try (CredentialChecks roomy = new CredentialChecks(1, 2 * CROWD)) {
      List<Optional<Authentication>> answers =
          crowd(roomy, "anna", "correct horse", "anna:!" + CORRECT_HORSE);

      assertEquals(Set.of(WRONG), Set.copyOf(answers));
    }
  }

  /**
   * What they hear who come at once.
   *
   * @param meanwhile what the file becomes while they wait; empty: what it was
   */
  private static List<Optional<Authentication>> crowd(
      CredentialChecks checks, String user, String password, String meanwhile)
      throws InterruptedException {
    Passwords passwords = new Passwords(checks);
    passwords.users(PasswordFile.read("anna:" + CORRECT_HORSE));
    CountDownLatch end = hold(checks);
    List<CompletableFuture<Optional<Authentication>>> answers =
        Stream.generate(() -> passwords.judge(credentials(user, password))).limit(CROWD).toList();
    assertEquals(CROWD, checks.waiting());
    if (!meanwhile.isEmpty()) {
      passwords.users(PasswordFile.read(meanwhile));
    }
    end.countDown();
    return answers.stream().map(CompletableFuture::join).toList();
  }

  /** Nothing is checked until that is counted down. */
  private static CountDownLatch hold(CredentialChecks checks) throws InterruptedException {
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
    return end;
  }

  private void users(String lines) {
    passwords.users(PasswordFile.read(lines));
  }

  private CompletableFuture<Optional<Authentication>> judge(
      @Nullable String user, @Nullable String password) {
    return passwords.judge(credentials(user, password));
  }

  private static Credentials credentials(@Nullable String user, @Nullable String password) {
    return new Credentials(
        Namespace.of("plant"),
        "client",
        user,
        password == null ? null : new Password(password.getBytes(StandardCharsets.UTF_8)),
        null,
        null);
  }

  private static void assertAccepted(Optional<Authentication> answer) {
    assertTrue(
        answer.orElseThrow() instanceof Authentication.Accepted(var identity)
            && identity.namespace().equals(Namespace.of("plant"))
            && "anna".equals(identity.userName()),
        answer::toString);
  }
}
