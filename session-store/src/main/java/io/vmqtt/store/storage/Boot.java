package io.vmqtt.store.storage;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The start of the machine in which the folder of a store was last open: what a power failure
 * leaves is damage where there was none.
 */
public final class Boot {
  /** Changes with every start of the machine (Linux); elsewhere each start of a process counts. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private static final String LAST_BOOT = "boot-id";

  private Boot() {}

  /** What names this start of the machine. */
  public static String current() throws IOException {
    return Files.exists(BOOT_ID) ? Files.readString(BOOT_ID).strip() : UUID.randomUUID().toString();
  }

  /** Whether the machine has not been started since a folder was last open. */
  public static boolean isSame(Path data) throws IOException {
    return is(data, current());
  }

  /** Whether a folder was last open in that start of the machine. */
  public static boolean is(Path data, String boot) throws IOException {
    Path lastBoot = data.resolve(LAST_BOOT);
    return Files.exists(lastBoot)
        && new String(Files.readAllBytes(lastBoot), StandardCharsets.UTF_8).strip().equals(boot);
  }

  /** From now on a folder is open in that one. */
  public static void note(Path data, String boot) throws IOException {
    if (!is(data, boot)) {
      LastingFiles.write(data.resolve(LAST_BOOT), boot + "\n");
    }
  }

  /**
   * What a folder has is to be looked at as after a power failure: what could not be synced may be
   * on the disk in part, though the machine goes on.
   */
  public static void forget(Path data) throws IOException {
    if (Files.deleteIfExists(data.resolve(LAST_BOOT))) {
      LastingFiles.syncNames(data);
    }
  }
}
