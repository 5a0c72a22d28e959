package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command about a running cluster: which one, who asks, and how the answer is printed. */
@Command(
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:what it is about is not there, or you may not do that",
      "2:the command is wrong",
      "3:the cluster does not answer"
    })
abstract class OfCluster implements Callable<Integer> {
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

  /** How an answer is printed. */
  enum Output {
    /** For people. */
    TABLE,
    /** As the API gives it. */
    JSON
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "A registry's HTTP, or that of a standalone broker; "
              + Target.DEFAULT_URL
              + " if left out.")
  private @Nullable String url;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "Who asks; " + Target.DEFAULT_USER + " if left out.")
  private @Nullable String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "File whose first line is the password.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Who signs the certificate that is shown there, in PEM.")
  private @Nullable Path authority;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "What is left out of these stands in ~/.config/vmqtt/NAME.properties.")
  private @Nullable String profile;

  @Option(
      names = "--output",
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table or json; ${DEFAULT-VALUE} if left out.")
  private String output = "table";

  @Option(
      names = "--watch",
      paramLabel = "SECONDS",
      arity = "0..1",
      fallbackValue = "2",
      description = "Ask again and again, every ${FALLBACK-VALUE} seconds or so many.")
  private @Nullable Integer watch;

  private final Map<String, String> variables;

  OfCluster(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Asks, and says what came. */
  abstract void ask(AdminClient client) throws IOException, InterruptedException;

  /** Whether it has the cluster do something, which is not to be done again and again. */
  boolean changes() {
    return false;
  }

  @Override
  public final Integer call() throws InterruptedException {
    Output form = form();
    if (watch != null && (watch < 1 || changes())) {
      throw wrong("--watch: is for what changes nothing, and at least a second");
    }
    try (AdminClient client = new AdminClient(target())) {
      do {
        if (watch != null && form == Output.TABLE) {
          out().print(CLEAR_SCREEN);
        }
        ask(client);
        out().flush();
      } while (watch != null && !isOver(Duration.ofSeconds(watch)));
      return CommandLine.ExitCode.OK;
    } catch (Refusal e) {
      spec.commandLine().getErr().println(spec.qualifiedName() + ": " + e.getMessage());
      return e.exitCode();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      spec.commandLine().getErr().println(spec.qualifiedName() + ": " + e);
      return Refusal.UNREACHABLE;
    }
  }

  /** Nothing ends it but the end of the process. */
  private static boolean isOver(Duration pause) throws InterruptedException {
    return new CountDownLatch(1).await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Target target() {
    return Target.of(new Target.Said(profile, url, user, passwordFile, authority), variables);
  }

  private Output form() {
    return switch (output) {
      case "table" -> Output.TABLE;
      case "json" -> Output.JSON;
      default -> throw wrong("--output: '" + output + "' is neither table nor json");
    };
  }

  final ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Whether answers are printed as they are. */
  final boolean isJson() {
    return form() == Output.JSON;
  }

  /** Says something beside what is printed. */
  final void complain(String what) {
    spec.commandLine().getErr().println(spec.qualifiedName() + ": " + what);
  }

  /** Prints an answer: as it is, or what {@code table} makes of it. */
  final void print(JsonNode answer, Rows table) {
    if (form() == Output.JSON) {
      out().println(answer.toPrettyString());
    } else {
      table.lines().forEach(out()::println);
      answer
          .path("missing")
          .forEach(
              one ->
                  spec.commandLine()
                      .getErr()
                      .println(
                          "without "
                              + one.path("node").asText()
                              + ": "
                              + one.path("why").asText()));
    }
  }

  /** Prints one thing: as it is, or a line for each of its fields. */
  final void printFields(JsonNode answer) {
    printFields(answer, answer);
  }

  /** Prints an answer: as it is, or a line for each field of a part of it. */
  final void printFields(JsonNode answer, JsonNode part) {
    print(answer, Rows.of("FIELD=/0", "VALUE=/1").add(fields(part)));
  }

  /** Prints a table behind that, for people alone. */
  final void printRows(Rows table) {
    if (form() == Output.TABLE) {
      out().println();
      table.lines().forEach(out()::println);
    }
  }

  private static List<JsonNode> fields(JsonNode answer) {
    return answer.properties().stream()
        .map(
            field ->
                (JsonNode)
                    AdminClient.JSON.createArrayNode().add(field.getKey()).add(field.getValue()))
        .toList();
  }

  /** Prints one line for people, or the answer as it is. */
  final void printLine(JsonNode answer, String line) {
    out().println(form() == Output.JSON ? answer.toPrettyString() : line);
  }
}
