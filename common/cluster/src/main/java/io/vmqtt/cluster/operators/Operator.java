package io.vmqtt.cluster.operators;

import io.vmqtt.model.Namespace;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may look at the cluster, or change it.
 *
 * @param name 1 to 64 characters of {@code A-Z a-z 0-9 . _ @ -}
 * @param namespace the one that he sees and changes; null: the whole cluster
 * @param password its hash, Argon2id in the form of PHC
 */
public record Operator(
    String name, OperatorRole role, @Nullable Namespace namespace, String password) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
  private static final Pattern PASSWORD =
      Pattern.compile("\\$argon2id\\$v=19\\$m=\\d{1,7},t=\\d{1,2},p=\\d{1,2}\\$[^$]+\\$[^$]+");

  public Operator {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of an operator: 1 to 64 of A-Z a-z 0-9 . _ @ -");
    }
    if (!PASSWORD.matcher(password).matches()) {
      throw new IllegalArgumentException(
          "the password of '" + name + "' is no hash: \"vmqtt operator set\" writes one");
    }
  }

  /** Without the hash: it is of no use in a log. */
  @Override
  public String toString() {
    return name + " (" + role.label() + (namespace == null ? "" : " of " + namespace.name()) + ')';
  }
}
