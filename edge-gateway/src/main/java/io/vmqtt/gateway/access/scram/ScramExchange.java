package io.vmqtt.gateway.access.scram;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.model.ReasonCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client and SCRAM: it says who it is, is told how its password was salted, and proves to know
 * that. A user who is unknown or disabled takes the same steps, and fails at the end, as one with a
 * wrong password does.
 */
final class ScramExchange implements Exchange {
  private static final String PROOF = ",p=";

  private final ScramHash hash;
  private final ScramUsers users;
  private final Credentials credentials;
  private final String serverNonce;
  private @Nullable Asked asked;

  /** What the client was asked, and has to answer. */
  private record Asked(ClientFirst first, String question, ScramKeys keys) {

    /** How the answer begins: the client repeats what both have said. */
    String beginning(String serverNonce) {
      return "c="
          + ScramKeys.base64(first.header().getBytes(StandardCharsets.UTF_8))
          + ",r="
          + first.nonce()
          + serverNonce;
    }
  }

  ScramExchange(ScramHash hash, ScramUsers users, Credentials credentials, String serverNonce) {
    this.hash = hash;
    this.users = users;
    this.credentials = credentials;
    this.serverNonce = serverNonce;
  }

  @Override
  public @Nullable String userName() {
    return asked == null ? null : asked.first.user();
  }

  @Override
  public CompletableFuture<ExchangeStep> next(byte[] data) {
    return CompletableFuture.completedFuture(step(data));
  }

  private ExchangeStep step(byte[] data) {
    Asked before = asked;
    if (before == null && data.length == 0) {
      return new ExchangeStep.Challenge(data); // RFC 4422, section 3.1: it may begin now
    }
    Optional<String> text = text(data);
    return before == null
        ? text.flatMap(ClientFirst::read).map(this::ask).orElseGet(ScramExchange::refused)
        : text.flatMap(answer -> judge(answer, before)).orElseGet(ScramExchange::refused);
  }

  private static Optional<String> text(byte[] data) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private ExchangeStep ask(ClientFirst first) {
    ScramKeys keys = users.keys(first.user(), hash);
    String question =
        "r="
            + first.nonce()
            + serverNonce
            + ",s="
            + ScramKeys.base64(keys.salt())
            + ",i="
            + keys.iterations();
    asked = new Asked(first, question, keys);
    return new ExchangeStep.Challenge(bytes(question));
  }

  /** Empty: it is no. */
  private Optional<ExchangeStep> judge(String answer, Asked before) {
    int end = answer.lastIndexOf(PROOF);
    String said = end < 0 ? "" : answer.substring(0, end);
    String beginning = before.beginning(serverNonce);
    if (!said.equals(beginning) && !said.startsWith(beginning + ',')) {
      return Optional.empty();
    }
    String message = before.first.bare() + ',' + before.question + ',' + said;
    String user = before.first.user();
    boolean right = before.keys.prove(base64(answer.substring(end + PROOF.length())), message);
    if (!right || !users.mayComeIn(user, before.keys)) {
      return Optional.empty();
    }
    return Optional.of(
        new ExchangeStep.Decided(
            new Authentication.Accepted(credentials.identity(credentials.namespace(), user)),
            bytes("v=" + ScramKeys.base64(before.keys.signature(message)))));
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ExchangeStep refused() {
    return new ExchangeStep.Decided(
        new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
  }
}
