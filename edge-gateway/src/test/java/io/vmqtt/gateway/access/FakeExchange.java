package io.vmqtt.gateway.access;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that goes as the client says: "ask" is answered with a challenge, "later" when the
 * test decides, "anna" lets in that user, and anything else is refused.
 */
public final class FakeExchange implements Exchange {
  public static final String METHOD = "FAKE";

  /** Who has sent CONNECT. */
  public final Credentials credentials;

  /** Who the client was when it began; null: nobody. */
  public final @Nullable Identity present;

  /** The answers that are open. */
  public final List<CompletableFuture<ExchangeStep>> open = new ArrayList<>();

  /** When what proves the next user ends. */
  public static final long UNTIL_MILLIS = 5_000;

  /** Whether its connection has ended because nobody had time for it. */
  public boolean unheard;

  private final boolean room;
  private @Nullable String said;

  FakeExchange(Credentials credentials, @Nullable Identity present) {
    this(credentials, present, true);
  }

  /**
   * With a client.
   *
   * @param room whether anybody has time for it
   */
  FakeExchange(Credentials credentials, @Nullable Identity present, boolean room) {
    this.credentials = credentials;
    this.present = present;
    this.room = room;
  }

  @Override
  public @Nullable String userName() {
    return said;
  }

  @Override
  public CompletableFuture<ExchangeStep> next(byte[] data) {
    said = new String(data, StandardCharsets.UTF_8);
    if (!room) {
      return CompletableFuture.completedFuture(refused(ReasonCode.SERVER_BUSY));
    }
    return switch (said) {
      case "ask" -> CompletableFuture.completedFuture(challenge());
      case "throw" -> throw new IllegalStateException("nobody there");
      case "later" -> {
        CompletableFuture<ExchangeStep> later = new CompletableFuture<>();
        open.add(later);
        yield later;
      }
      case "anna" -> CompletableFuture.completedFuture(accepted());
      case "busy" -> CompletableFuture.completedFuture(refused(ReasonCode.SERVER_BUSY));
      default -> CompletableFuture.completedFuture(refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
    };
  }

  @Override
  public void unheard() {
    unheard = true;
  }

  /** The client has to say more. */
  public static ExchangeStep challenge() {
    return new ExchangeStep.Challenge(bytes("who?"));
  }

  /** Lets anna in, for as long as her proof is good. */
  public ExchangeStep accepted() {
    return new ExchangeStep.Decided(
        new Authentication.Accepted(
            new Identity(
                Namespace.NAMELESS,
                credentials.clientId(),
                "anna",
                credentials.peer(),
                credentials.certificate(),
                Map.of("proof", String.valueOf(present != null)),
                present == null ? UNTIL_MILLIS : 2 * UNTIL_MILLIS)),
        bytes("welcome"));
  }

  private static ExchangeStep refused(ReasonCode reason) {
    return new ExchangeStep.Decided(new Authentication.Refused(reason));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
