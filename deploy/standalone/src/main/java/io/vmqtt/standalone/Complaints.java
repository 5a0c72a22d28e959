package io.vmqtt.standalone;

import io.vmqtt.cluster.process.StartException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Says what is wrong in one line that names the thing; the trace is for {@code --log-level DEBUG}.
 */
final class Complaints implements IParameterExceptionHandler, IExecutionExceptionHandler {
  /** A property of a role, which has an option of the same name. */
  private static final Pattern PROPERTY =
      Pattern.compile("vmqtt\\.(gateway|router|store|registry)\\.([a-z-]+)");

  /** What the command is told cannot be understood, wherever it is from. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + lineOf(e) + " (see " + name + " --help)");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** The command was understood, but cannot do its work. */
  @Override
  public int handleExecutionException(
      Exception e, CommandLine command, @Nullable ParseResult parsed) {
    Logger log = LoggerFactory.getLogger(Complaints.class);
    log.debug("The command failed", e);
    Matcher property = PROPERTY.matcher(lineOf(e));
    String line = property.replaceAll("--$2");
    if (property.reset().find()
        && command.getCommandSpec().userObject() instanceof RoleCommand role) {
      line += role.originOf(property.group(2));
    }
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + line);
    return e instanceof StartException start
        ? start.exitCode()
        : command.getCommandSpec().exitCodeOnExecutionException();
  }

  /** The first line of the message, and the reason at the bottom of it where that is not in it. */
  private static String lineOf(Throwable e) {
    Throwable innermost = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      innermost = cause;
    }
    String line = firstLineOf(e);
    String reason = firstLineOf(innermost);
    return line.contains(reason) ? line : line + ": " + reason;
  }

  private static String firstLineOf(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow();
  }
}
