package io.vmqtt.gateway.access.redis;

import static io.vmqtt.gateway.access.AskedClient.client;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisException;
import io.vmqtt.gateway.access.redis.RedisStore.Fields;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.servers.RedisProcess;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real Redis that speaks TLS. */
class RedisTlsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final TestAuthority OURS = new TestAuthority("ours");
  private static final String STAPLE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";

  @TempDir private Path folder;
  private final int port = FreePorts.next();

  private RedisProcess redis(Signed shown) {
    RedisProcess redis =
        RedisProcess.start(
            "--requirepass",
            "secret",
            "--tls-port",
            Integer.toString(port),
            "--tls-cert-file",
            shown.certificateTo(folder.resolve("redis.pem")).toString(),
            "--tls-key-file",
            shown.keyTo(folder.resolve("redis.key")).toString(),
            "--tls-ca-cert-file",
            OURS.certificateTo(folder.resolve("ca.pem")).toString(),
            "--tls-auth-clients",
            "no");
    assertEquals(
        ":1", redis.ask(List.of("AUTH secret", "HSET vmqtt:user:anna password " + STAPLE)));
    return redis;
  }

  private RedisStore store(String scheme) {
    RedisStore store =
        new RedisStore(
            URI.create(scheme + "://127.0.0.1:" + port),
            null,
            RedisStore.key("vmqtt:user:%u"),
            new Fields("password", "disabled", null),
            TIMEOUT);
    store.password("secret");
    return store;
  }

  private byte[] pem(TestAuthority authority) throws IOException {
    return Files.readAllBytes(authority.certificateTo(folder.resolve("believed.pem")));
  }

  private static void assertUnanswered(RedisStore store) {
    assertThrows(RedisException.class, () -> store.find(client("anna", "")));
  }

  @Test
  void find_overTls_believesTheAuthorityThatItWasTold() throws Exception {
    try (RedisProcess _ = redis(OURS.sign("redis"));
        RedisStore store = store("rediss");
        RedisStore plain = store("redis")) {
      assertUnanswered(store); // the JDK knows no such authority
      store.authorities(pem(new TestAuthority("theirs")));
      assertUnanswered(store);

      store.authorities(pem(OURS));
      assertTrue(store.find(client("anna", "")).isPresent());
      assertUnanswered(plain); // that port speaks TLS
    }
  }

  @Test
  void find_certificateOfAnotherHost_isNotBelieved() throws Exception {
    Signed elsewhere = OURS.sign("redis", "elsewhere.example", Instant.now().plusSeconds(3600));
    try (RedisProcess _ = redis(elsewhere);
        RedisStore store = store("rediss")) {
      store.authorities(pem(OURS));

      assertUnanswered(store);
    }
  }
}
