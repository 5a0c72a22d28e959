package io.vmqtt.cluster.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorsFactTest {
  private static final String HASH = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";

  @Test
  void fact_writtenAndRead_isTheSame() throws Exception {
    Operators operators =
        new Operators(
            7,
            List.of(
                new Operator("anna", OperatorRole.ADMIN, null, HASH),
                new Operator("paul", OperatorRole.VIEWER, new Namespace("plant"), HASH),
                new Operator("zoe", OperatorRole.OPERATOR, Namespace.NAMELESS, HASH)));
    OperatorsFact kind = OperatorsFact.OPERATORS;

    assertEquals(operators, kind.read(kind.write(operators)));
    assertThrows(
        IOException.class,
        () -> kind.read(kind.write(operators).replace("\"viewer\"", "\"king\"")));
  }

  @Test
  void roles_mayWhatTheOnesBeforeThemMay() {
    assertTrue(OperatorRole.VIEWER.isWithin(OperatorRole.ADMIN));
    assertTrue(OperatorRole.OPERATOR.isWithin(OperatorRole.OPERATOR));
    assertFalse(OperatorRole.OPERATOR.isWithin(OperatorRole.VIEWER));
  }

  @Test
  void operator_inALog_hasNoHash() {
    Operator operator = new Operator("anna", OperatorRole.ADMIN, null, HASH);
    assertFalse(operator.toString().contains("argon2"), operator::toString);
  }

  @Test
  void operators_twiceTheSameName_refused() {
    Operator operator = new Operator("anna", OperatorRole.ADMIN, null, HASH);
    assertThrows(
        IllegalArgumentException.class, () -> new Operators(0, List.of(operator, operator)));
  }
}
