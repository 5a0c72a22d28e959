package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.TopicTemplate.Level;
import io.vmqtt.cluster.access.TopicTemplate.Variable;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.CommonName;
import io.vmqtt.gateway.access.Identity;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client as rules see it: its names, and what its variables stand for. */
final class Subject {
  private static final String SYSTEM = "$";

  private final Identity who;

  /** What has been asked for; empty: it has nothing that can be used. */
  private final Map<Variable, String> values = new HashMap<>(4);

  private long steps;

  Subject(Identity who) {
    this.who = who;
  }

  /** One more step was taken to find what decides about it. */
  void step() {
    steps++;
  }

  /** How many were taken. */
  long steps() {
    return steps;
  }

  Identity identity() {
    return who;
  }

  boolean isAmong(Who some) {
    return some.includes(who.userName(), who.clientId(), who.namespace());
  }

  /**
   * What stands in a level of a topic for this client; null: nothing can.
   *
   * @param first whether it is the first level: no name of a client makes it one of {@code $SYS}
   */
  @Nullable String fill(Level.Filled level, boolean first) {
    String filled = level.fill(this::value);
    boolean poses =
        first
            && filled != null
            && filled.startsWith(SYSTEM)
            && level.parts().getFirst() instanceof Variable;
    return poses ? null : filled;
  }

  /** What a variable stands for; null: it has no value, or one that is no part of a level. */
  private @Nullable String value(Variable variable) {
    String value = values.computeIfAbsent(variable, this::usable);
    return value.isEmpty() ? null : value;
  }

  private String usable(Variable variable) {
    String value = raw(variable);
    boolean breaksOut =
        value == null
            || value.indexOf('/') >= 0
            || value.indexOf('+') >= 0
            || value.indexOf('#') >= 0;
    return value == null || breaksOut ? "" : value;
  }

  private @Nullable String raw(Variable variable) {
    if (variable.equals(Variable.CLIENT_ID)) {
      return who.clientId();
    }
    if (variable.equals(Variable.USER_NAME)) {
      return who.userName();
    }
    if (variable.equals(Variable.NAMESPACE)) {
      return who.namespace().name();
    }
    if (variable.equals(Variable.CERTIFICATE_NAME)) {
      X509Certificate certificate = who.certificate();
      return certificate == null ? null : CommonName.of(certificate);
    }
    String claim = variable.claim();
    return claim == null ? null : who.claims().get(claim);
  }
}
