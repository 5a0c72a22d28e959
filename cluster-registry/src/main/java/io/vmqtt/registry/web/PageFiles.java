package io.vmqtt.registry.web;

import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the page is made of: the files of {@code src/main/web}, and the libraries that they import,
 * which are jars of their own. Browsers read all of it as it is (modules of JavaScript), so that
 * nothing has to be built. All files lie in one folder whose name is a digest of them: what a
 * browser has kept of it is right for as long as the name is asked for.
 */
@Singleton
final class PageFiles {
  private static final String OWN = "/page";
  private static final String INDEX = "index.html";
  private static final String LIBRARIES = "/META-INF/resources/webjars/";
  private static final int DIGEST_BYTES = 8;

  /** What the page calls them, and where they are in the jar of the library. */
  private static final Map<String, Library> IMPORTED =
      Map.of(
          "lib/preact.js", new Library("preact", "dist/preact.module.js"),
          "lib/hooks.js", new Library("preact", "hooks/dist/hooks.module.js"),
          "lib/uplot.js", new Library("uplot", "dist/uPlot.esm.js"),
          "lib/uplot.css", new Library("uplot", "dist/uPlot.min.css"));

  /** A file in a jar of WebJars. */
  private record Library(String name, String file) {}

  private final Map<String, byte[]> files = new TreeMap<>();
  private final String folder;
  private final byte[] index;

  PageFiles() {
    try {
      readOwn();
      for (Map.Entry<String, Library> library : IMPORTED.entrySet()) {
        files.put(library.getKey(), read(library.getValue()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the page is not whole", e);
    }
    byte[] template = files.remove(INDEX);
    if (template == null) {
      throw new IllegalStateException("no " + INDEX + " in " + OWN);
    }
    folder = digest();
    index = text(template).replace("{folder}", "page/" + folder).getBytes(StandardCharsets.UTF_8);
  }

  private void readOwn() throws IOException {
    URL where = PageFiles.class.getResource(OWN + '/' + INDEX);
    if (where == null) {
      throw new IOException("no " + OWN + '/' + INDEX + " in the class path");
    }
    URI uri;
    try {
      uri = where.toURI();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    if ("file".equals(uri.getScheme())) {
      readTree(Path.of(uri).resolveSibling(""));
      return;
    }
    String jar = uri.getSchemeSpecificPart();
    try (FileSystem inJar =
        FileSystems.newFileSystem(Path.of(URI.create(jar.substring(0, jar.indexOf("!/")))))) {
      readTree(inJar.getPath(OWN));
    }
  }

  private void readTree(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(top.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
  }

  private static byte[] read(Library library) throws IOException {
    Properties pom = new Properties();
    pom.load(
        new ByteArrayInputStream(
            resource("/META-INF/maven/org.webjars.npm/" + library.name() + "/pom.properties")));
    byte[] content =
        resource(
            LIBRARIES + library.name() + '/' + pom.getProperty("version") + '/' + library.file());
    // A browser knows a module by its address alone; maps of their sources are not served.
    return text(content)
        .replace("from\"preact\"", "from\"./preact.js\"")
        .replaceAll("(?m)^//# sourceMappingURL=.*$", "")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no " + name + " in the class path");
      }
      return in.readAllBytes();
    }
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }

  private String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (name, content) -> {
            digest.update((name + '\n' + content.length + '\n').getBytes(StandardCharsets.UTF_8));
            digest.update(content);
          });
      return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The document that names the others. */
  byte[] index() {
    return index.clone();
  }

  /** The name of the folder that all others are in. */
  String folder() {
    return folder;
  }

  /** The content of one file. */
  Optional<byte[]> file(String name) {
    return Optional.ofNullable(files.get(name));
  }
}
