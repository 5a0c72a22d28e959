package io.vmqtt.standalone;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * A password that is asked for, twice; where the standard input is no terminal, its first line.
 *
 * @param in the standard input
 * @param spec of the command that asks
 */
record AskedPassword(InputStream in, CommandSpec spec) {

  /** Somebody's. */
  byte[] of(String user) throws IOException {
    // Some JDKs have no console where there is no terminal, others one that is none.
    Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
    if (terminal.isEmpty()) {
      return firstLine();
    }
    char[] once = terminal.get().readPassword("Password of %s: ", user);
    char[] again = terminal.get().readPassword("Again: ");
    if (!Arrays.equals(once, again)) {
      throw new ParameterException(spec.commandLine(), "the two passwords differ");
    }
    return String.valueOf(once).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] firstLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    byte[] bytes = line.toByteArray();
    boolean carriageReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
    return carriageReturn ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
  }
}
