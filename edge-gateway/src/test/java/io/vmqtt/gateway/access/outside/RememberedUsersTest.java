package io.vmqtt.gateway.access.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.tls.TestAuthority;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RememberedUsersTest {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final X509Certificate PUMP =
      new TestAuthority("devices").sign("pump").certificate();

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final RememberedUsers remembered = new RememberedUsers(new OnlyAnna(), TIME, nanos::get);

  /** Lets in the user anna, with a claim. */
  private final class OnlyAnna implements AuthenticationMethod {
    @Override
    public String name() {
      return "anna";
    }

    @Override
    public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
      asked.incrementAndGet();
      return CompletableFuture.completedFuture(
          "anna".equals(credentials.userName())
              ? Optional.of(new Authentication.Accepted(anna(credentials)))
              : Optional.of(Authentication.Refused.unproven(credentials)));
    }
  }

  private static Identity anna(Credentials credentials) {
    return new Identity(
            Namespace.of("plant"),
            credentials.clientId(),
            "Anna",
            credentials.peer(),
            credentials.certificate(),
            Map.of("floor", "3"))
        .with(OwnRules.read("[{\"default\": \"deny\"}]"));
  }

  @Test
  void judge_sameClientFromAnotherPort_isWhoItWasAndNobodyIsAsked() {
    judge(client("c", "anna", "secret", 1, 4000, null));
    Credentials again = client("c", "anna", "secret", 1, 4001, null);

    assertEquals(Optional.of(new Authentication.Accepted(anna(again))), judge(again));
    assertEquals(1, asked.get());
  }

  @Test
  void judge_anythingElseDiffers_asks() {
    List<Credentials> all =
        List.of(
            client("c", "anna", "secret", 1, 4000, null),
            client("d", "anna", "secret", 1, 4000, null),
            client("c", "anna", "Secret", 1, 4000, null),
            client("c", "anna", null, 1, 4000, null),
            client("c", "anna", "", 1, 4000, null),
            client("c", "anna", "secret", 2, 4000, null),
            client("c", "anna", "secret", 1, 4000, PUMP),
            client("canna", null, "secret", 1, 4000, null),
            new Credentials(Namespace.of("other"), "c", "anna", null, null, null));

    all.forEach(this::judge);

    assertEquals(all.size(), asked.get());
  }

  @Test
  void judge_timeIsOver_asks() {
    Credentials anna = client("c", "anna", "secret", 1, 4000, null);
    judge(anna);
    nanos.addAndGet(TIME.toNanos() - 1);
    judge(anna);
    assertEquals(1, asked.get());

    nanos.addAndGet(1);
    judge(anna);
    assertEquals(2, asked.get());
  }

  @Test
  void judge_wasNotLetIn_asks() {
    Credentials bert = client("c", "bert", "secret", 1, 4000, null);
    judge(bert);
    judge(bert);

    assertEquals(2, asked.get());
  }

  private Optional<Authentication> judge(Credentials credentials) {
    return remembered.judge(credentials).join();
  }

  private static Credentials client(
      String id,
      @Nullable String user,
      @Nullable String password,
      int host,
      int port,
      @Nullable X509Certificate certificate) {
    return new Credentials(
        Namespace.NAMELESS,
        id,
        user,
        password == null ? null : new Password(password.getBytes(StandardCharsets.UTF_8)),
        new InetSocketAddress("10.0.0." + host, port),
        certificate);
  }
}
