package io.vmqtt.gateway.access.stored;

import static io.vmqtt.gateway.access.AskedClient.client;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.UncountedQuestions;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoredUsersTest {
  private static final String STAPLE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";
  private static final Optional<Authentication> REFUSED =
      Optional.of(new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));

  private final CredentialChecks checks = new CredentialChecks(1, 10);
  private final Outsider outsider =
      new Outsider("kept", 2, Duration.ofSeconds(10), new UncountedQuestions(), System::nanoTime);
  private final StoredUsers users = new StoredUsers(new Kept(), outsider, checks);

  /** Users in memory; whoever is called broken cannot be found. */
  private static final class Kept implements UserStore {
    private final Map<String, Boolean> disabled = Map.of("anna", false, "idle", true);

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
      return known == null ? Optional.empty() : Optional.of(StoredUser.read(STAPLE, known, null));
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

  private Optional<Authentication> judge(@Nullable String user, @Nullable String password) {
    return users.judge(client(user, password)).join();
  }
}
