package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.cluster.facts.FactJson;
import io.vmqtt.cluster.facts.FactKind;
import java.io.IOException;

/** The key of the cluster as a fact of it. Made once, by the first registry that leads. */
public enum OperationKeyFact implements FactKind<OperationKey> {
  OPERATION_KEY;

  private static final String KEY = "key";
  private static final long ONLY_VERSION = 1;

  @Override
  public String key() {
    return "operation-key";
  }

  @Override
  public String write(OperationKey fact) {
    ObjectNode said = FactJson.nothing().put(KEY, fact.text());
    return FactJson.write(ONLY_VERSION, null, said);
  }

  @Override
  public OperationKey read(String text) throws IOException {
    try {
      return new OperationKey(FactJson.read(text, "the operation key").fields().path(KEY).asText());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** A Consul that has lost its memory has another one made. */
  @Override
  public boolean isLater(OperationKey fact, OperationKey known) {
    return !fact.equals(known);
  }

  @Override
  public String versionOf(OperationKey fact) {
    return "the cluster";
  }
}
