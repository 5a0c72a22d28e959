package io.vmqtt.cluster.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class OperationKeyTest {
  private final OperationKey key = OperationKey.random(new SecureRandom());

  @Test
  void proof_isGoodForOneNodeAndOneKey() {
    String proof = key.proofFor("gateway-1");

    assertTrue(key.isProvenBy(proof, "gateway-1"));
    assertFalse(key.isProvenBy(proof, "gateway-2"));
    assertFalse(OperationKey.random(new SecureRandom()).isProvenBy(proof, "gateway-1"));
    assertFalse(key.isProvenBy("", "gateway-1"));
  }

  @Test
  void toString_doesNotTellIt() {
    assertFalse(key.toString().contains(key.text()));
  }

  @Test
  void fact_writtenAndRead_isTheSame() throws Exception {
    OperationKeyFact kind = OperationKeyFact.OPERATION_KEY;

    assertEquals(key, kind.read(kind.write(key)));
    assertThrows(
        IOException.class, () -> kind.read("{\"format\":1,\"version\":1,\"key\":\"c2hvcnQ=\"}"));
  }
}
