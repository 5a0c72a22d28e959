package io.vmqtt.faultydisk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The library that is loaded under a process; built once, by the machine's C compiler. */
final class Recorder {
  private static final String COMPILER = "cc";
  private static @Nullable Path library;

  private Recorder() {}

  /** Builds it where that has not been done. */
  static synchronized Path library() {
    if (library == null) {
      library = build();
    }
    return library;
  }

  /** Whether it can be built and loaded here. */
  static boolean isPossible() {
    return System.getProperty("os.name").equals("Linux")
        && Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, COMPILER)));
  }

  private static Path build() {
    try (InputStream source = Recorder.class.getResourceAsStream("/recorder.c")) {
      if (source == null) {
        throw new IllegalStateException("recorder.c is not there");
      }
      Path folder = Files.createTempDirectory("vmqtt-recorder-");
      Path file = folder.resolve("recorder.c");
      Path built = folder.resolve("recorder.so");
      Files.write(file, source.readAllBytes());
      List<String> command =
          List.of(
              COMPILER,
              "-O2",
              "-fPIC",
              "-shared",
              "-o",
              built.toString(),
              file.toString(),
              "-ldl",
              "-lpthread");
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
      Files.delete(file);
      built.toFile().deleteOnExit();
      folder.toFile().deleteOnExit();
      return built;
    } catch (IOException e) {
      throw new UncheckedIOException("the recorder cannot be built; is there a C compiler?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the recorder was built", e);
    }
  }
}
