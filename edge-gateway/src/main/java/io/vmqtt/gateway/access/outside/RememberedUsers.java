package io.vmqtt.gateway.access.outside;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.KeyedDigest;
import io.vmqtt.gateway.access.Password;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a while whom another method has let in, so that it is not asked again when the same
 * client comes back with the same credentials. Of these a digest is kept, and at most {@value
 * #MOST} of them, or fewer where they have rules of their own, each of which counts as one more.
 * Who was not let in is not remembered.
 */
public final class RememberedUsers implements AuthenticationMethod {
  static final int MOST = 10_000;

  private final AuthenticationMethod then;
  private final KeyedDigest digests = new KeyedDigest();
  private final Cache<ByteBuffer, Identity> known;

  /** Those whom {@code then} has let in, for so long. */
  public RememberedUsers(AuthenticationMethod then, Duration time, Ticker ticker) {
    this.then = then;
    this.known =
        Caffeine.newBuilder()
            .maximumWeight(MOST)
            .weigher(RememberedUsers::weight)
            .expireAfterWrite(time)
            .ticker(ticker)
            .build();
  }

  private static int weight(ByteBuffer digest, Identity who) {
    return who.rules() == null ? 1 : 1 + who.rules().rules().size();
  }

  @Override
  public String name() {
    return then.name();
  }

  @Override
  public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
    ByteBuffer digest = ByteBuffer.wrap(digests.of(all(credentials)));
    Identity same = known.getIfPresent(digest);
    if (same != null) {
      return CompletableFuture.completedFuture(Optional.of(again(same, credentials)));
    }
    CompletableFuture<Optional<Authentication>> verdict = then.judge(credentials);
    var _ =
        verdict.thenAccept(
            answer -> {
              if (answer.orElse(null) instanceof Authentication.Accepted(Identity who)) {
                known.put(digest, who);
              }
            });
    return verdict;
  }

  /** It comes from another port than before. */
  private static Authentication again(Identity who, Credentials now) {
    return new Authentication.Accepted(who.from(now.peer(), now.certificate()));
  }

  /** Everything that the answer may depend on, each behind its length. */
  private static byte[] all(Credentials credentials) {
    Password password = credentials.password();
    String user = credentials.userName();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(credentials.namespace().name());
      write(out, credentials.clientId().getBytes(StandardCharsets.UTF_8));
      write(out, user == null ? null : user.getBytes(StandardCharsets.UTF_8));
      write(out, password == null ? null : password.bytes());
      write(
          out,
          credentials.peer() instanceof InetSocketAddress from && from.getAddress() != null
              ? from.getAddress().getAddress()
              : null);
      write(out, encoded(credentials.certificate()));
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, byte @Nullable [] part) throws IOException {
    out.writeInt(part == null ? -1 : part.length);
    if (part != null) {
      out.write(part);
    }
  }

  private static byte @Nullable [] encoded(@Nullable X509Certificate certificate) {
    try {
      return certificate == null ? null : certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate without an encoding", e);
    }
  }
}
