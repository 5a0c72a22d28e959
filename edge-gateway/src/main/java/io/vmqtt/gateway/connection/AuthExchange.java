package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Unanswered;
import io.vmqtt.model.ReasonCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * AUTH packets of a client, and back to it, until access control has decided [4.12]. Ends with one
 * call of its {@link Outcome}, unless its connection ends before.
 */
final class AuthExchange {
  private final String method;
  private final Exchange exchange;
  private final OpenQuestion question;
  private final ClientOutput client;
  private final Cluster cluster;
  private final Agreement agreed;
  private final Outcome outcome;
  private boolean awaitsClient;

  /** What comes of it. */
  interface Outcome {
    void refused(ReasonCode reason);

    /**
     * The client has proved who it is.
     *
     * @param last what it is to be told with the good news
     */
    void accepted(Identity who, AuthenticationData last);
  }

  /** One that has not begun. */
  AuthExchange(
      String method,
      Exchange exchange,
      OpenQuestion question,
      ClientOutput client,
      Cluster cluster,
      Agreement agreed,
      Outcome outcome) {
    this.method = method;
    this.exchange = exchange;
    this.question = question;
    this.client = client;
    this.cluster = cluster;
    this.agreed = agreed;
    this.outcome = outcome;
  }

  /** What the client sent with its method. */
  void begin(byte[] data) {
    CompletableFuture<ExchangeStep> answer = ask(data);
    if (answer.isDone()) {
      answered(answer);
    } else {
      question.await(() -> answered(answer), answer);
    }
  }

  /** AUTH. */
  void auth(ReasonCode reason, AuthenticationData said) {
    if (reason != ReasonCode.CONTINUE_AUTHENTICATION || !awaitsClient) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "AUTH that was not asked for");
    }
    requireMethod(method, said);
    awaitsClient = false;
    begin(said.data());
  }

  static void requireMethod(String method, AuthenticationData said) {
    if (!said.method().equals(method)) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "another method than that of CONNECT [MQTT-4.12.0-5]");
    }
  }

  /** It is over: if the client still had to say something, nothing was decided. */
  void abandon(Unanswered why) {
    if (awaitsClient) {
      awaitsClient = false;
      exchange.abandoned(why);
    }
  }

  private CompletableFuture<ExchangeStep> ask(byte[] data) {
    try {
      return exchange.next(data);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void answered(CompletableFuture<ExchangeStep> answer) {
    if (answer.state() != Future.State.SUCCESS) {
      cluster.accessFailed(answer);
      outcome.refused(ReasonCode.SERVER_UNAVAILABLE);
      return;
    }
    switch (answer.resultNow()) {
      case ExchangeStep.Challenge(byte[] data) -> challenge(new AuthenticationData(method, data));
      case ExchangeStep.Decided(Authentication.Refused(ReasonCode reason), byte[] _) ->
          outcome.refused(reason);
      case ExchangeStep.Decided(Authentication.Accepted(Identity who), byte[] data) ->
          outcome.accepted(who, new AuthenticationData(method, data));
    }
  }

  private void challenge(AuthenticationData asked) {
    awaitsClient =
        client.auth(ReasonCode.CONTINUE_AUTHENTICATION, asked, agreed.maximumPacketBytes());
    if (!awaitsClient) {
      exchange.abandoned(Unanswered.ended(ReasonCode.PACKET_TOO_LARGE));
      outcome.refused(ReasonCode.PACKET_TOO_LARGE);
    }
  }
}
