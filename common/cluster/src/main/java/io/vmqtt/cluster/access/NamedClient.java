package io.vmqtt.cluster.access;

import io.vmqtt.cluster.access.TopicTemplate.Variable;
import io.vmqtt.model.Namespace;
import org.jspecify.annotations.Nullable;

/** A client as rules see it: its names. */
public interface NamedClient {

  /** Where its client id and its topics are. */
  Namespace namespace();

  /** As it knows it. */
  String clientId();

  /** Null: it has none. */
  @Nullable String userName();

  /** The common name of its certificate; null: it has none. */
  @Nullable String certificateName();

  /** What its proof says of it under a name; null: nothing. */
  @Nullable String claim(String name);

  /** Whether it is one of some. */
  default boolean isAmong(Who some) {
    return some.includes(userName(), clientId(), namespace());
  }

  /** What a variable stands for; null: it has no value, or one that is no part of a level. */
  default @Nullable String value(Variable variable) {
    String value = raw(variable);
    return isPartOfALevel(value) ? value : null;
  }

  /** Whether a name can stand in a level of a topic, and so where a variable is. */
  static boolean isPartOfALevel(@Nullable String value) {
    return value != null
        && !value.isEmpty()
        && value.indexOf('/') < 0
        && value.indexOf('+') < 0
        && value.indexOf('#') < 0;
  }

  private @Nullable String raw(Variable variable) {
    if (variable.equals(Variable.CLIENT_ID)) {
      return clientId();
    }
    if (variable.equals(Variable.USER_NAME)) {
      return userName();
    }
    if (variable.equals(Variable.NAMESPACE)) {
      return namespace().name();
    }
    if (variable.equals(Variable.CERTIFICATE_NAME)) {
      return certificateName();
    }
    String claim = variable.claim();
    return claim == null ? null : claim(claim);
  }
}
