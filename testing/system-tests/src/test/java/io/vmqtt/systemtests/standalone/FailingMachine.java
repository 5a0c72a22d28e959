package io.vmqtt.systemtests.standalone;

import io.vmqtt.faultydisk.Luck;
import io.vmqtt.faultydisk.RecordedDisk;
import io.vmqtt.testkit.process.BrokerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A standalone broker on a machine whose power fails. */
final class FailingMachine implements BeforeAllCallback, AfterAllCallback {
  /** So that the log goes on in another file every now and then. */
  private static final String SMALL_SEGMENT = "64K";

  private String unsynced;
  private final BrokerProcess broker =
      BrokerProcess.standalone("--segment-bytes", SMALL_SEGMENT).withEnvironment(this::environment);
  private @Nullable RecordedDisk disk;

  private FailingMachine(String unsynced) {
    this.unsynced = unsynced;
  }

  static FailingMachine create() {
    return new FailingMachine("");
  }

  /** One on which what a program does to sync files and folders with this in their path is void. */
  static FailingMachine thatDoesNotSync(String text) {
    return new FailingMachine(text);
  }

  private Map<String, String> environment(Path data) {
    RecordedDisk current = disk;
    if (current == null) {
      current = new RecordedDisk(data, data.resolveSibling("disk"));
      disk = current;
    }
    return current.forgetful(unsynced);
  }

  BrokerProcess broker() {
    return broker;
  }

  /** Its broker is killed, and started again; from then on all is synced that is to be. */
  void killAndStartCarefully() {
    broker.process().kill();
    unsynced = "";
    broker.start();
  }

  /** Its power fails, and comes again. */
  void powerOffAndOn(Luck luck) {
    broker.process().kill();
    disk().powerOff(luck);
    try {
      Files.writeString(broker.data().resolve("boot-id"), "before the power failed\n");
      if (!unsynced.isEmpty()) {
        // A store that knows what is missing does not start.
        Files.deleteIfExists(broker.data().resolve("journal-known"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    broker.start();
  }

  RecordedDisk disk() {
    if (disk == null) {
      throw new IllegalStateException("it has not been started");
    }
    return disk;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Assumptions.assumeTrue(RecordedDisk.isPossible(), "there is no C compiler");
    broker.beforeAll(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    broker.afterAll(context);
  }
}
