package io.vmqtt.registry.admin;

import io.micronaut.http.HttpRequest;
import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.model.Namespace;
import org.jspecify.annotations.Nullable;

/** Who asks, once that is known. */
final class Asking {
  private static final String ATTRIBUTE = "vmqtt.operator";
  private static final String CLAIMED = "vmqtt.claimed-operator";

  private Asking() {}

  static void by(HttpRequest<?> request, Operator operator) {
    request.setAttribute(ATTRIBUTE, operator);
  }

  /** Who somebody says that he is. */
  static void claimedBy(HttpRequest<?> request, String name) {
    request.setAttribute(CLAIMED, '?' + name.replaceAll("[^A-Za-z0-9._@-]", "?"));
  }

  static Operator of(HttpRequest<?> request) {
    return request
        .getAttribute(ATTRIBUTE, Operator.class)
        .orElseThrow(() -> Problem.unauthorized("nobody has said who asks"));
  }

  /** For people: a dash where nobody is known. */
  static String nameOf(HttpRequest<?> request) {
    return request
        .getAttribute(ATTRIBUTE, Operator.class)
        .map(Operator::name)
        .or(() -> request.getAttribute(CLAIMED, String.class))
        .orElse("-");
  }

  /**
   * The namespace that a question is about: the one that is named, or else that of whoever asks.
   *
   * @return null: all of them
   * @throws Problem if whoever asks may not see it, or it cannot be
   */
  static @Nullable Namespace within(HttpRequest<?> request, @Nullable String named) {
    Namespace own = of(request).namespace();
    if (named == null) {
      return own;
    }
    Namespace wanted = namespace(named);
    if (own != null && !own.equals(wanted)) {
      throw Problem.forbidden("you see the namespace '" + own.name() + "' alone");
    }
    return wanted;
  }

  /**
   * For what is about the whole cluster: what a namespace's operators see of others would be theirs
   * to see if it were shown.
   *
   * @throws Problem if whoever asks sees one namespace alone
   */
  static void requireWhole(HttpRequest<?> request) {
    Namespace own = of(request).namespace();
    if (own != null) {
      throw Problem.forbidden("you see the namespace '" + own.name() + "' alone");
    }
  }

  /**
   * The same where one has to be named: without a name it is that of whoever asks, or the nameless
   * one.
   */
  static Namespace one(HttpRequest<?> request, @Nullable String named) {
    Namespace wanted = within(request, named);
    return wanted == null ? Namespace.NAMELESS : wanted;
  }

  /**
   * A yes or no.
   *
   * @param otherwise where nothing is said
   */
  static @Nullable Boolean flag(
      String parameter, @Nullable String said, @Nullable Boolean otherwise) {
    return switch (said) {
      case null -> otherwise;
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> throw Problem.badRequest(parameter + ": '" + said + "' is neither true nor false");
    };
  }

  private static Namespace namespace(String name) {
    try {
      return Namespace.of(name);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("namespace: " + e.getMessage());
    }
  }
}
