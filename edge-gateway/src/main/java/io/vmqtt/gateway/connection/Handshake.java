package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.gateway.access.Unanswered;
import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * CONNECT, up to the question to the shard: whether this gateway serves such a client, who it is,
 * maybe after an exchange of AUTH packets, and whether its will may be. Ends with one call of its
 * {@link Outcome}, unless its connection ends before.
 */
final class Handshake implements AuthExchange.Outcome {
  private final Entrance entrance;
  private final ClientOutput client;
  private final Cluster cluster;
  private final OpenQuestion question;
  private final ConnectRequest request;
  private final Agreement agreed;
  private final Outcome outcome;
  private final Credentials credentials;
  private @Nullable AuthExchange exchange;

  /** What the client is told in CONNACK by its authentication method; null: it has none. */
  private @Nullable AuthenticationData proof;

  /** What comes of it. */
  interface Outcome {
    void refused(ReasonCode reason);

    /** Its shard may be asked for its session. */
    void admitted(Authorizations may, @Nullable Will will);
  }

  Handshake(
      Entrance entrance,
      ClientOutput client,
      Cluster cluster,
      OpenQuestion question,
      Caller caller,
      ConnectRequest request,
      Agreement agreed,
      Outcome outcome) {
    this.entrance = entrance;
    this.client = client;
    this.cluster = cluster;
    this.question = question;
    this.request = request;
    this.agreed = agreed;
    this.outcome = measured(outcome, cluster);
    this.credentials =
        new Credentials(
            entrance.namespace(),
            agreed.clientId(),
            request.userName(),
            request.authentication() == null ? request.password() : null,
            caller.address(),
            caller.certificate(),
            caller.proxied());
  }

  private static Outcome measured(Outcome outcome, Cluster cluster) {
    long connectNanos = cluster.nanoTime();
    return new Outcome() {
      @Override
      public void refused(ReasonCode reason) {
        cluster.decided(connectNanos);
        outcome.refused(reason);
      }

      @Override
      public void admitted(Authorizations may, @Nullable Will will) {
        cluster.decided(connectNanos);
        outcome.admitted(may, will);
      }
    };
  }

  void begin() {
    ReasonCode objection = objection();
    AuthenticationData said = request.authentication();
    if (objection != null) {
      entrance.access().refusedUnasked(claimed(), objection);
      outcome.refused(objection);
    } else if (said != null) {
      exchange(said);
    } else {
      authenticate();
    }
  }

  /** With the client id that it sent, if that is why nobody is asked. */
  private Identity claimed() {
    return new Identity(
        credentials.namespace(),
        agreed.clientId().isEmpty() ? request.clientId() : agreed.clientId(),
        request.userName(),
        credentials.peer(),
        credentials.certificate());
  }

  private void exchange(AuthenticationData said) {
    Optional<Exchange> offered = entrance.access().begin(said.method(), credentials, null);
    if (offered.isEmpty()) {
      outcome.refused(ReasonCode.BAD_AUTHENTICATION_METHOD);
      return;
    }
    AuthExchange begun =
        new AuthExchange(said.method(), offered.get(), question, client, cluster, agreed, this);
    exchange = begun;
    begun.begin(said.data());
  }

  /** AUTH. */
  void auth(ReasonCode reason, AuthenticationData said) {
    AuthExchange open = exchange;
    if (open != null) {
      open.auth(reason, said);
    }
  }

  /** It is over, whatever was decided. */
  void abandon(Unanswered why) {
    AuthExchange open = exchange;
    if (open != null) {
      open.abandon(why);
    }
  }

  @Override
  public void refused(ReasonCode reason) {
    outcome.refused(reason);
  }

  @Override
  public void accepted(Identity who, AuthenticationData last) {
    proof = last;
    if (client.fits(agreed.accepted(false, null, last))) {
      identified(who);
    } else {
      outcome.refused(ReasonCode.PACKET_TOO_LARGE);
    }
  }

  /** What CONNACK says of an authentication method; null: nothing. */
  @Nullable AuthenticationData proof() {
    return proof;
  }

  /** What the client may prove later; null: it has come without an authentication method. */
  @Nullable Reauthentication again(Terms terms, Runnable changed, Consumer<ReasonCode> end) {
    return proof == null
        ? null
        : new Reauthentication(proof.method(), credentials, entrance.access(), terms, changed, end);
  }

  private void authenticate() {
    CompletableFuture<Authentication> answer = answer();
    if (answer.isDone()) {
      authenticated(answer);
    } else {
      question.await(() -> authenticated(answer), answer);
    }
  }

  /** Why nobody is asked who it is; null: no reason. */
  private @Nullable ReasonCode objection() {
    Will will = request.will();
    if (agreed.clientId().isEmpty()) {
      return ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
    }
    if (will != null && !entrance.limits().topics().allow(will.message().topic())) {
      cluster.beyond(Bound.TOPIC);
      return ReasonCode.TOPIC_NAME_INVALID;
    }
    if (!client.fits(agreed.accepted(false, null, null))) {
      return ReasonCode.PACKET_TOO_LARGE;
    }
    return cluster.isAvailable() ? null : ReasonCode.SERVER_UNAVAILABLE;
  }

  private CompletableFuture<Authentication> answer() {
    try {
      return entrance.access().authenticate(credentials);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void authenticated(CompletableFuture<Authentication> answer) {
    if (answer.state() != Future.State.SUCCESS) {
      cluster.accessFailed(answer);
      outcome.refused(ReasonCode.SERVER_UNAVAILABLE);
      return;
    }
    switch (answer.resultNow()) {
      case Authentication.Refused(ReasonCode reason) -> outcome.refused(reason);
      case Authentication.Accepted(Identity identity) -> identified(identity);
    }
  }

  private void identified(Identity identity) {
    Authorizations may = new Authorizations(entrance.access(), identity, cluster);
    Will will = request.will();
    if (will == null) {
      admit(may, null);
      return;
    }
    CompletableFuture<Permission> answer = may.will(will.message());
    if (answer.isDone()) {
      permitted(may, will, answer);
    } else {
      question.await(() -> permitted(may, will, answer), answer);
    }
  }

  /** The last question. Who has come in is told when bans change, who comes later asks then. */
  private void admit(Authorizations may, @Nullable Will will) {
    if (entrance.access().isBanned(may.who())) {
      outcome.refused(ReasonCode.BANNED);
    } else {
      outcome.admitted(may, will);
    }
  }

  private void permitted(Authorizations may, Will will, CompletableFuture<Permission> answer) {
    switch (may.permission(answer)) {
      case GRANTED -> {
        may.hasWill(will.message());
        Message message = will.message().withPublisher(agreed.publisher());
        admit(may, will.with(entrance.policies().applied(may.who().namespace(), message)));
      }
      case DENIED -> outcome.refused(ReasonCode.NOT_AUTHORIZED);
      case UNKNOWN -> outcome.refused(ReasonCode.SERVER_UNAVAILABLE);
    }
  }
}
