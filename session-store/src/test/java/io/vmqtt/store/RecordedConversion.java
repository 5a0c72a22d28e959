package io.vmqtt.store;

import io.vmqtt.store.convert.Conversion;
import io.vmqtt.store.convert.Conversion.Target;
import java.nio.file.Path;

/**
 * Conversions in processes of their own, started by {@link ConversionTest}, which records what they
 * do to their disk.
 */
final class RecordedConversion {
  private RecordedConversion() {}

  static final class ToRaft {
    private ToRaft() {}

    /** Converts the folder of a store. */
    public static void main(String[] arguments) throws Exception {
      Conversion.of(Path.of(arguments[0]), Target.RAFT);
    }
  }

  static final class Back {
    private Back() {}

    /** Converts the folder of a store. */
    public static void main(String[] arguments) throws Exception {
      Conversion.of(Path.of(arguments[0]), Target.JOURNAL);
    }
  }
}
