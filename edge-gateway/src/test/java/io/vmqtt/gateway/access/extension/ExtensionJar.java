package io.vmqtt.gateway.access.extension;

import io.vmqtt.extension.Extension;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Extensions as somebody else compiles them: against the interface, and packed into a jar. */
final class ExtensionJar {
  private static final String CLASS = "Tried";

  private ExtensionJar() {}

  /**
   * One whose access is asked like this.
   *
   * @param opened what {@code open(Map<String, String> settings)} does
   */
  static Path of(Path folder, String name, String opened) {
    return of(folder, name, "API_VERSION", opened);
  }

  /** The same for a version of the interface. */
  static Path of(Path folder, String name, String version, String opened) {
    return pack(
        folder.resolve(name + ".jar"),
        """
        import io.vmqtt.extension.*;
        import java.util.*;

        public class Tried implements Extension {
          public int apiVersion() { return %s; }
          public String name() { return "%s"; }
          public ClientAccess open(Map<String, String> settings) throws Exception {
            %s
          }
        }
        """
            .formatted(version, name, opened),
        CLASS);
  }

  /** One without a word of what it brings. */
  static Path empty(Path jar) {
    return pack(jar, "class Tried {}", "");
  }

  private static Path pack(Path jar, String source, String service) {
    try {
      Path classes = Files.createTempDirectory("classes");
      classes.toFile().deleteOnExit();
      Path file = Files.writeString(classes.resolve(CLASS + ".java"), source);
      compile(file, classes);
      try (OutputStream out = Files.newOutputStream(jar);
          JarOutputStream packed = new JarOutputStream(out)) {
        for (File each : Objects.requireNonNull(classes.toFile().listFiles())) {
          if (each.getName().endsWith(".class")) {
            put(packed, each.getName(), Files.readAllBytes(each.toPath()));
          }
        }
        if (!service.isEmpty()) {
          put(
              packed,
              "META-INF/services/" + Extension.class.getName(),
              service.getBytes(StandardCharsets.UTF_8));
        }
      }
      return jar;
    } catch (IOException e) {
      throw new IllegalStateException("no jar", e);
    }
  }

  private static void compile(Path file, Path to) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean done =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of("-proc:none", "-cp", api(), "-d", to.toString()),
                null,
                compiler
                    .getStandardFileManager(null, null, StandardCharsets.UTF_8)
                    .getJavaFileObjects(file))
            .call();
    if (!done) {
      throw new IllegalStateException("does not compile: " + said);
    }
  }

  private static String api() {
    try {
      return Path.of(Extension.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no path to the interface", e);
    }
  }

  private static void put(JarOutputStream packed, String name, byte[] bytes) throws IOException {
    packed.putNextEntry(new JarEntry(name));
    packed.write(bytes);
    packed.closeEntry();
  }
}
