package io.vmqtt.gateway.access.extension;

import io.vmqtt.extension.ClientAccess;
import io.vmqtt.extension.Extension;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extensions in a folder: each jar in it is one, and each folder with jars, of which one brings the
 * extension and the others what it needs. Each has classes of its own, and sees of the broker the
 * interface of extensions alone.
 */
public final class ExtensionFolder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ExtensionFolder.class);
  private static final String JAR = ".jar";
  private static final Duration MOST_FOR_ITS_END = Duration.ofSeconds(2);
  private static final String NAME = "[a-z0-9_-]{1,64}";

  private final Path folder;
  private final Map<String, Found> byName = new TreeMap<>();
  private final List<URLClassLoader> loaders = new ArrayList<>();

  /** An extension, and the jar or folder that it is in. */
  private record Found(ServiceLoader.Provider<Extension> provider, ClassLoader loader, Path place) {
    Extension made() {
      return provider.get();
    }
  }

  /** What an extension sees of the broker. */
  private static final class InterfaceAlone extends ClassLoader {
    private static final String PACKAGE = Extension.class.getPackageName() + '.';

    InterfaceAlone() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith(PACKAGE)) {
        return Extension.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }

  private ExtensionFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Looks at all that is in a folder.
   *
   * @throws IOException if something there is no extension, or is made for another version of the
   *     interface; the message names it
   */
  public static ExtensionFolder read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + ": there is no such folder");
    }
    ExtensionFolder read = new ExtensionFolder(folder);
    try {
      for (Path place : entries(folder)) {
        read.add(place);
      }
      return read;
    } catch (IOException | RuntimeException e) {
      read.close();
      throw e;
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private void add(Path place) throws IOException {
    List<URL> jars = new ArrayList<>();
    for (Path file : Files.isDirectory(place) ? entries(place) : List.of(place)) {
      if (file.toString().endsWith(JAR)) {
        jars.add(url(file));
      }
    }
    if (jars.isEmpty()) {
      return;
    }
    URLClassLoader loader = new URLClassLoader(jars.toArray(URL[]::new), new InterfaceAlone());
    loaders.add(loader);
    try {
      List<Found> found =
          ServiceLoader.load(Extension.class, loader).stream()
              .map(provider -> new Found(provider, loader, place))
              .toList();
      if (found.isEmpty()) {
        throw new IOException(
            place + ": no extension, nothing in META-INF/services/" + Extension.class.getName());
      }
      for (Found one : found) {
        add(one);
      }
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      throw new IOException(place + ": cannot be loaded: " + e, e);
    }
  }

  /** Java takes no notice of a jar that it cannot read. */
  private static URL url(Path file) throws IOException {
    try (JarFile _ = new JarFile(file.toFile())) {
      return file.toUri().toURL();
    } catch (IOException e) {
      throw new IOException(file + ": no jar that can be read: " + e.getMessage(), e);
    }
  }

  private void add(Found found) throws IOException {
    Extension extension = found.made();
    if (extension.apiVersion() != Extension.API_VERSION) {
      throw new IOException(
          found.place()
              + ": made for version "
              + extension.apiVersion()
              + " of the interface of extensions, and this is version "
              + Extension.API_VERSION);
    }
    String name = String.valueOf(extension.name());
    if (!name.matches(NAME)) {
      throw new IOException(
          found.place() + ": '" + name + "' is no name of 1 to 64 characters of a-z0-9-_");
    }
    Found other = byName.putIfAbsent(name, found);
    if (other != null) {
      throw new IOException(found.place() + ": '" + name + "' is in " + other.place() + ", too");
    }
  }

  /**
   * One that has begun.
   *
   * @param givesRules whether it has rules for those whom others let in
   * @param loader of its classes
   */
  public record Opened(ClientAccess access, boolean givesRules, ClassLoader loader)
      implements AutoCloseable {

    /**
     * Threads that ask it: no virtual ones, which code that does not wait would keep others from.
     */
    public ThreadFactory threads(String name) {
      AtomicInteger count = new AtomicInteger();
      return task -> {
        Thread thread = new Thread(task, name + '-' + count.incrementAndGet());
        thread.setContextClassLoader(loader);
        thread.setDaemon(true);
        return thread;
      };
    }

    /** Waits for its end, but not for ever. */
    @Override
    public void close() {
      Thread end = threads("extension-ends").newThread(this::end);
      end.start();
      try {
        if (!end.join(MOST_FOR_ITS_END)) {
          log.warn("an extension does not come to its end");
          end.interrupt();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    private void end() {
      try {
        access.close();
      } catch (RuntimeException | Error e) {
        log.warn("an extension did not end in order: {}", e.toString());
      }
    }
  }

  /**
   * Has one begin.
   *
   * @throws IOException if there is none of that name, or it cannot; the message says why
   */
  public Opened open(String name, Map<String, String> settings) throws IOException {
    Found found = found(name);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(found.loader());
    try {
      ClientAccess access = found.made().open(Map.copyOf(settings));
      return new Opened(access, access.givesRules(), found.loader());
    } catch (InterruptedException e) {
      thread.interrupt();
      throw new IOException("extension " + name + " was interrupted", e);
    } catch (Exception | LinkageError | ServiceConfigurationError e) {
      throw new IOException(
          "extension " + name + ": " + (e.getMessage() == null ? e : e.getMessage()), e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private Found found(String name) throws IOException {
    Found found = byName.get(name);
    if (found == null) {
      throw new IOException(
          folder
              + ": there is no extension '"
              + name
              + "', "
              + (byName.isEmpty()
                  ? "nor any other"
                  : "only " + String.join(", ", byName.keySet())));
    }
    return found;
  }

  @Override
  public void close() {
    for (URLClassLoader loader : loaders) {
      try {
        loader.close();
      } catch (IOException e) {
        log.warn("{}: {}", folder, e.toString());
      }
    }
  }
}
