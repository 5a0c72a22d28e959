package io.vmqtt.gateway.access.extension;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.extension.Client;
import io.vmqtt.extension.ClientAccess;
import io.vmqtt.extension.Newcomer;
import io.vmqtt.extension.Rule;
import io.vmqtt.extension.Verdict;
import io.vmqtt.gateway.access.Answers;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import io.vmqtt.model.Namespace;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Users whom an extension knows, and rules that it has for those whom others have let in. It is
 * asked as somebody outside is: its code is not ours, and may wait, fail, or never come back.
 */
public final class ExtensionUsers implements AuthenticationMethod {
  private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

  private final String name;
  private final ClientAccess access;
  private final Outsider outsider;

  /** Those of an extension that has begun. */
  public ExtensionUsers(String name, ClientAccess access, Outsider outsider) {
    this.name = name;
    this.access = access;
    this.outsider = outsider;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
    return ask(credentials, () -> judged(credentials));
  }

  private Optional<Authentication> judged(Credentials credentials) throws Exception {
    return switch (access.authenticate(newcomer(credentials))) {
      case Verdict.Allowed allowed ->
          Optional.of(new Authentication.Accepted(identity(allowed, credentials)));
      case Verdict.Refused _ -> Optional.of(Authentication.Refused.unproven(credentials));
      case Verdict.Unknown _ -> Optional.empty();
    };
  }

  /** The answer about somebody who was let in, and of whom nobody has said what he may do. */
  public CompletableFuture<Authentication> ruled(Credentials credentials, Identity who) {
    return Answers.map(
        ask(
            credentials,
            () ->
                Optional.of(
                    new Authentication.Accepted(who.with(rules(access.rules(client(who))))))),
        Optional::orElseThrow);
  }

  /**
   * An exception that it says nothing of is a mistake in it, which what a client sends may have
   * brought about: others are still asked about.
   */
  private CompletableFuture<Optional<Authentication>> ask(
      Credentials by, Callable<Optional<Authentication>> question) {
    return outsider.ask(
        by,
        () -> {
          try {
            return question.call();
          } catch (RuntimeException e) {
            throw new StrangeAnswerException("fails with " + e.getClass().getName());
          }
        });
  }

  private static Newcomer newcomer(Credentials credentials) {
    Password password = credentials.password();
    return new Newcomer(
        credentials.namespace().name(),
        credentials.clientId(),
        credentials.userName(),
        password == null ? null : password.bytes(),
        address(credentials.peer()),
        credentials.certificate());
  }

  private static Client client(Identity who) {
    return new Client(
        who.namespace().name(),
        who.clientId(),
        who.userName(),
        address(who.peer()),
        who.certificate(),
        who.claims());
  }

  private static @Nullable InetSocketAddress address(@Nullable SocketAddress peer) {
    return peer instanceof InetSocketAddress address ? address : null;
  }

  private static Identity identity(Verdict.Allowed allowed, Credentials credentials)
      throws StrangeAnswerException {
    String namespace = allowed.namespace();
    if (namespace != null && !namespace.isEmpty() && !Namespace.isName(namespace)) {
      throw new StrangeAnswerException("answers with a namespace that cannot be");
    }
    return new Identity(
        namespace == null ? credentials.namespace() : Namespace.of(namespace),
        credentials.clientId(),
        allowed.userName(),
        credentials.peer(),
        credentials.certificate(),
        allowed.claims(),
        untilMillis(allowed.until()),
        rules(allowed.rules()));
  }

  private static long untilMillis(@Nullable Instant end) {
    return end == null || end.isAfter(LAST) ? Long.MAX_VALUE : end.toEpochMilli();
  }

  /** Null: it has none. */
  private static @Nullable OwnRules rules(@Nullable List<Rule> said) throws StrangeAnswerException {
    return said == null ? null : StrangeAnswerException.unless(() -> read(said));
  }

  private static OwnRules read(List<Rule> said) {
    List<TopicRule> rules = new ArrayList<>();
    for (Rule one : said) {
      rules.add(
          new TopicRule(
              rules.size() + 1,
              one.allows() ? Effect.ALLOW : Effect.DENY,
              one.actions().stream().map(ExtensionUsers::action).collect(Collectors.toSet()),
              one.topics().stream().map(TopicTemplate::of).toList(),
              Who.EVERYBODY,
              TopicRule.EVERY_QOS,
              null,
              null));
    }
    return new OwnRules(rules, null);
  }

  private static TopicAction action(Rule.Action action) {
    return switch (action) {
      case PUBLISH -> TopicAction.PUBLISH;
      case SUBSCRIBE -> TopicAction.SUBSCRIBE;
    };
  }
}
