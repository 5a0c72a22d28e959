package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.cluster.operators.Operators;
import io.vmqtt.model.Namespace;
import io.vmqtt.registry.operators.OperatorPassword;
import io.vmqtt.registry.operators.OperatorsFile;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class OperatorCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String input, String command, String... arguments) {
    CommandLine vmqtt =
        Vmqtt.commandLine(
            Map.of(), new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    vmqtt.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] all = new String[arguments.length + 3];
    all[0] = "operator";
    all[1] = command;
    all[2] = file().toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return vmqtt.execute(all);
  }

  private Path file() {
    return folder.resolve("operators");
  }

  private Operators read() throws Exception {
    return new OperatorsFile(file(), "FILE").read(Files.readString(file()));
  }

  @Test
  void set_newAndKnown_isWrittenWithAHash() throws Exception {
    assertEquals(0, run("correct horse\n", "set", "anna", "--role", "admin"), err::toString);
    assertEquals(0, run("staple\n", "set", "paul", "--role", "viewer", "--namespace", "plant"));
    assertEquals(0, run("battery\n", "set", "anna", "--role", "operator"));

    Operators operators = read();
    Operator anna = operators.named("anna").orElseThrow();
    assertEquals(OperatorRole.OPERATOR, anna.role());
    assertTrue(OperatorPassword.matches("battery", anna.password()));
    assertEquals(new Namespace("plant"), operators.named("paul").orElseThrow().namespace());
    assertTrue(out.toString().contains("operator 'anna' changed"), out::toString);
  }

  @Test
  void set_whatCannotBe_changesNothing() throws Exception {
    assertEquals(0, run("correct horse\n", "set", "anna", "--role", "admin"));
    String before = Files.readString(file());
    for (List<String> wrong :
        List.of(
            List.of("anna", "--role", "king"),
            List.of("a:b", "--role", "admin"),
            List.of("anna", "--role", "admin", "--namespace", "Plant"))) {
      assertEquals(2, run("x\n", "set", wrong.toArray(String[]::new)), wrong::toString);
    }
    assertEquals(2, run("\n", "set", "anna", "--role", "admin"));
    assertEquals(before, Files.readString(file()));
  }

  @Test
  void delete_leavesTheLastOne() throws Exception {
    assertEquals(0, run("a\n", "set", "anna", "--role", "admin"));
    assertEquals(0, run("b\n", "set", "bob", "--role", "viewer"));
    assertEquals(1, run("", "delete", "carl"));
    assertEquals(0, run("", "delete", "bob"));
    assertEquals(2, run("", "delete", "anna"));
    assertEquals(List.of("anna"), read().all().stream().map(Operator::name).toList());
  }
}
