package io.vmqtt.gateway.access.stored;

import static io.vmqtt.gateway.access.AskedClient.client;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.UncountedQuestions;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoredUsersTest {
  private static final String STAPLE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";
  private static final String CORRECT_HORSE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$bwAjbK7z1pSRly4+YEafrgN2h2TWBXvJLc7M4RyvYrU";
  private static final Optional<Authentication> REFUSED =
      Optional.of(new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));

  private final CredentialChecks checks = new CredentialChecks(1, 10);
  private final Outsider outsider =
      new Outsider("kept", 2, Duration.ofSeconds(10), new UncountedQuestions(), System::nanoTime);
  private final Kept kept = new Kept();
  private final StoredUsers users = new StoredUsers(kept, outsider, checks);

  /** Users in memory; whoever is called broken cannot be found. */
  private static final class Kept implements UserStore {
    private final Map<String, Boolean> disabled =
        new ConcurrentHashMap<>(Map.of("anna", false, "idle", true));
    volatile String hash = STAPLE;

    @Override
    public String name() {
      return "kept";
    }

    @Override
    public boolean findsByUserName() {
      return true;
    }

    @Override
    public Optional<StoredUser> find(Credentials client) throws Exception {
      if ("broken".equals(client.userName())) {
        throw new IOException("no answer");
      }
      Boolean known = disabled.get(client.userName());
      return known == null ? Optional.empty() : Optional.of(StoredUser.read(hash, known, null));
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void close() {
    outsider.close();
    checks.close();
  }

  @Test
  void judge_rightPassword_comesInUnlessItIsDisabled() {
    assertEquals(
        Optional.of(
            new Authentication.Accepted(client("anna", "staple").identity(Namespace.NAMELESS))),
        judge("anna", "staple"));
    assertEquals(REFUSED, judge("idle", "staple"));
  }

  @Test
  void judge_wrongPasswordOrNone_isRefused() {
    assertEquals(REFUSED, judge("anna", "horse"));
    assertEquals(REFUSED, judge("anna", null));
    assertEquals(REFUSED, judge("idle", "horse"));
  }

  /** Else it is told from a wrong password by how long it takes. */
  @Test
  void judge_unknownUser_isForAnotherMethodAndCostsAHash() {
    assertEquals(Optional.empty(), judge("bert", "staple"));
    assertEquals(1, checks.begun());
    judge("idle", "staple");
    assertEquals(2, checks.begun());
  }

  /** Devices that share a user, and come to a gateway that has just started. */
  @Test
  void judge_crowdWithOnePassword_costsOneHash() {
    List<CompletableFuture<Optional<Authentication>>> answers =
        Stream.generate(() -> users.judge(client("anna", "staple"))).limit(5).toList();

    answers.forEach(answer -> assertAccepted(answer.join()));
    assertEquals(1, checks.begun());
  }

  @Test
  void judge_passwordThatWasRight_isKnownOfThatUserAndHashAlone() {
    assertAccepted(judge("anna", "staple"));
    assertAccepted(judge("anna", "staple"));
    assertEquals(1, checks.begun());

    assertEquals(REFUSED, judge("anna", "stapld"));
    assertEquals(REFUSED, judge("idle", "staple"));
    assertEquals(Optional.empty(), judge("bert", "staple"));
    assertEquals(4, checks.begun(), "who does not come in learns nothing by the time that it took");

    kept.disabled.put("anna", true);
    assertEquals(REFUSED, judge("anna", "staple"));
    kept.disabled.put("anna", false);
    kept.hash = CORRECT_HORSE;
    assertEquals(REFUSED, judge("anna", "staple"));
    assertAccepted(judge("anna", "correct horse"));
    kept.hash = STAPLE;
    assertEquals(REFUSED, judge("anna", "correct horse"));
  }

  @Test
  void judge_noUser_isForAnotherMethodAndNobodyIsAsked() {
    assertEquals(Optional.empty(), judge(null, "staple"));
    assertEquals(0, checks.begun());
  }

  @Test
  void judge_noAnswer_letsNobodyIn() {
    assertEquals(
        Optional.of(new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE)),
        judge("broken", "staple"));
  }

  private static void assertAccepted(Optional<Authentication> answer) {
    assertInstanceOf(Authentication.Accepted.class, answer.orElseThrow());
  }

  private Optional<Authentication> judge(@Nullable String user, @Nullable String password) {
    return users.judge(client(user, password)).join();
  }
}
