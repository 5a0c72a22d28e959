package io.vmqtt.registry.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.cluster.operators.Operators;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.model.Namespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorsFileTest {
  private static final String HASH = OperatorPassword.hash("correct horse");

  @TempDir private Path folder;

  private Operators read(String text) {
    return new OperatorsFile(folder.resolve("operators"), "--operators").read(text);
  }

  private String complaint(String text) {
    return String.valueOf(assertThrows(OptionException.class, () -> read(text)).getMessage());
  }

  @Test
  void read_whatWasWritten_isTheSame() {
    Operators operators =
        new Operators(
            0,
            List.of(
                new Operator("anna", OperatorRole.ADMIN, null, HASH),
                new Operator("paul", OperatorRole.VIEWER, new Namespace("plant"), HASH)));

    assertEquals(operators, read(OperatorsFile.write(operators)));
    assertEquals(operators, read("\n# people\n" + OperatorsFile.write(operators)));
  }

  @Test
  void read_whatCannotBe_namesTheLine() {
    assertTrue(complaint("# nobody\n").contains("names no operator"));
    assertTrue(complaint("anna:admin\n").contains("line 1: not NAME:ROLE:NAMESPACE:HASH"));
    assertTrue(complaint("#\nanna:king::" + HASH).contains("line 2: 'king' is no role"));
    assertTrue(complaint("anna:admin:Plant:" + HASH).contains("line 1: a namespace has"));
    assertTrue(complaint("anna:admin::secret").contains("is no hash"));
    assertTrue(!complaint("anna:admin::secret").contains("secret"), "a password in a complaint");
    assertTrue(complaint("a b:admin::" + HASH).contains("'a b' is no name"));
    assertTrue(
        complaint("anna:admin::" + HASH + "\nanna:viewer::" + HASH).contains("is there twice"));
  }

  @Test
  void firstFile_isMadeOnceForItsOwnerAlone() throws Exception {
    Path path = folder.resolve("operators");
    FirstOperatorFile first = new FirstOperatorFile(path);

    String text = first.text();

    assertEquals(OperatorRole.ADMIN, first.read(text).named("admin").orElseThrow().role());
    assertEquals(text, new FirstOperatorFile(path).text());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void password_matchesItsOwnHashAlone() {
    assertTrue(OperatorPassword.matches("correct horse", HASH));
    assertTrue(!OperatorPassword.matches("staple", HASH));
    assertTrue(!OperatorPassword.random().equals(OperatorPassword.random()));
  }
}
