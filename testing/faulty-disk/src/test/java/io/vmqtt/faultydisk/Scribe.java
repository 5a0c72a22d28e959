package io.vmqtt.faultydisk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;

/** A program that does to files what it is told, one word after the other, in a process. */
final class Scribe {
  private Scribe() {}

  public static void main(String[] words) throws IOException {
    Iterator<String> rest = List.of(words).iterator();
    while (rest.hasNext()) {
      switch (rest.next()) {
        case "write" -> write(Path.of(rest.next()), rest.next());
        case "write-sync" ->
            Files.writeString(
                Path.of(rest.next()),
                rest.next(),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        case "write-at" -> writeAt(Path.of(rest.next()), Long.parseLong(rest.next()), rest.next());
        case "truncate" -> truncate(Path.of(rest.next()), Long.parseLong(rest.next()));
        case "sync" -> sync(Path.of(rest.next()));
        case "mkdir" -> Files.createDirectory(Path.of(rest.next()));
        case "move" ->
            Files.move(Path.of(rest.next()), Path.of(rest.next()), StandardCopyOption.ATOMIC_MOVE);
        case "copy" -> Files.copy(Path.of(rest.next()), Path.of(rest.next()));
        case "link" -> Files.createLink(Path.of(rest.next()), Path.of(rest.next()));
        case "delete" -> Files.delete(Path.of(rest.next()));
        case String word -> throw new IllegalArgumentException(word);
      }
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void writeAt(Path file, long offset, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), offset);
    }
  }

  private static void truncate(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    }
  }

  private static void sync(Path path) {
    try (FileChannel channel =
        Files.isDirectory(path)
            ? FileChannel.open(path)
            : FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(false);
    } catch (IOException e) {
      System.out.println("no sync of " + path.getFileName() + ": " + e.getMessage());
    }
  }
}
