package io.vmqtt.testkit.servers;

import static org.awaitility.Awaitility.await;

import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A database of its own that keeps its data in a new folder. For root the user acts whom Debian's
 * package makes.
 */
abstract class DatabaseProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name;
  private final String owner;
  private final Path folder;
  private final Address address = Address.local(FreePorts.next());
  private @Nullable Process process;

  /**
   * A folder for it.
   *
   * @param name of what it is, for complaints
   * @param owner who acts for root
   */
  DatabaseProcess(String name, String owner) throws IOException {
    this.name = name;
    this.owner = owner;
    this.folder = Files.createTempDirectory("vmqtt-" + owner + '-');
  }

  /** Puts what it shows clients into the folder: {@link #certificate} and {@link #key}. */
  final void show(Signed signed) throws IOException {
    signed.certificateTo(certificate());
    Files.setPosixFilePermissions(
        signed.keyTo(key()), PosixFilePermissions.fromString("rw-------"));
  }

  final Path certificate() {
    return folder.resolve("server.pem");
  }

  final Path key() {
    return folder.resolve("server.key");
  }

  /** Fills the folder, starts it there, and waits until it serves. */
  final void begin() throws IOException {
    if (isRoot()) {
      Command.run("chown", "-R", owner, folder.toString());
    }
    Command.run(command(install()).toArray(String[]::new));
    process = launch();
  }

  /** The words that fill its folder. */
  abstract List<String> install();

  /** The words that start it. */
  abstract List<String> server();

  /** The words that fail as long as it does not serve. */
  abstract List<String> ping();

  /** The words that end it in order. */
  abstract List<String> end(long processId);

  final Path folder() {
    return folder;
  }

  final Path data() {
    return folder.resolve("data");
  }

  final Address address() {
    return address;
  }

  private Process process() {
    return Objects.requireNonNull(process, "it has not begun");
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** One of its programs, in place of whoever calls it. */
  private List<String> command(List<String> words) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(
          List.of("setpriv", "--reuid=" + owner, "--regid=" + owner, "--clear-groups", "--"));
    }
    all.addAll(words);
    return all;
  }

  private Process launch() throws IOException {
    Process launched =
        new ProcessBuilder(command(server()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly));
    await(name + " serves")
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!launched.isAlive()) {
                throw new IllegalStateException(Files.readString(folder.resolve("log")));
              }
              return isReady();
            });
    return launched;
  }

  private boolean isReady() {
    try {
      Command.run(ping().toArray(String[]::new));
      return true;
    } catch (Command.FailedException _) {
      return false;
    }
  }

  /** Ends it; clients lose their connections. */
  public final void stop() {
    Command.run(end(process().pid()).toArray(String[]::new));
    awaitEnd();
  }

  /** Starts it again with its data. */
  public final void startAgain() {
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name + " again", e);
    }
  }

  private void awaitEnd() {
    await(name + " has ended").atMost(PATIENCE).until(() -> !process().isAlive());
  }

  @Override
  public final void close() {
    process().destroyForcibly();
    awaitEnd();
    Command.run("rm", "-rf", folder.toString());
  }
}
