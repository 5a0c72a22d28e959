package io.vmqtt.registry.operators;

import io.vmqtt.cluster.operators.Operators;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.registry.files.FactFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/**
 * A file of operators beside the data of a cluster that is one process: where it is not there, it
 * is made when it is read first, with one operator, whose password is shown once.
 */
public final class FirstOperatorFile implements FactFile<Operators> {
  private static final String OWNER_ALONE = "rw-------";

  private final Path path;
  private final OperatorsFile file;

  /** One that is there, or will be. */
  public FirstOperatorFile(Path path) {
    this.path = path;
    this.file = new OperatorsFile(path, "operators");
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public String text() {
    if (!Files.exists(path)) {
      make();
    }
    return file.text();
  }

  private void make() {
    String password = OperatorPassword.random();
    try {
      Path whole =
          Files.createTempFile(
              path.toAbsolutePath().getParent(),
              "operators-",
              ".tmp",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ALONE)));
      Files.writeString(whole, OperatorsFile.write(FirstOperator.with(password)));
      Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE); // whoever reads it reads all of it
      FirstOperator.show(password);
    } catch (IOException e) {
      throw new OptionException("operators: " + path + " cannot be written: " + e);
    }
  }

  @Override
  public Instant writtenAt() {
    return file.writtenAt();
  }

  @Override
  public Operators read(String text) {
    return file.read(text);
  }
}
