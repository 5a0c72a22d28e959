package io.vmqtt.store.storage;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * A small file of text whose last line is the checksum of all before it: {@code crc32c 0a1b2c3d}.
 * One line without it is taken as it is, for so the first versions wrote; whoever reads it sees to
 * its form.
 */
public final class SealedText {
  private static final String SEAL = "crc32c ";

  private SealedText() {}

  /** Writes a file, all of it or nothing; when this returns, it is on the disk. */
  public static void write(Path file, String text) throws IOException {
    LastingFiles.write(file, text + "\n" + SEAL + checksum(text) + "\n");
  }

  /**
   * What was written, without the seal.
   *
   * @throws IOException if it cannot be read, or is not what was written
   */
  public static String read(Path file) throws IOException {
    return of(Files.readAllBytes(file));
  }

  /**
   * The same, of a file that was read.
   *
   * @throws IOException if it is not what was written
   */
  public static String of(byte[] file) throws IOException {
    // Decoded leniently: what is no UTF-8 does not have that checksum either.
    String all = new String(file, StandardCharsets.UTF_8).stripTrailing();
    int end = all.lastIndexOf('\n');
    if (end < 0) {
      return all;
    }
    String text = all.substring(0, end);
    if (!all.substring(end + 1).equals(SEAL + checksum(text))) {
      throw new IOException("it does not have its checksum");
    }
    return text;
  }

  /** Whether a file has a checksum, and is what was written. */
  public static boolean isSealed(byte[] file) {
    try {
      return of(file).length() < new String(file, StandardCharsets.UTF_8).stripTrailing().length();
    } catch (IOException e) {
      return false;
    }
  }

  private static String checksum(String text) {
    return checksum(text.getBytes(StandardCharsets.UTF_8));
  }

  /** CRC-32C, in hexadecimal digits. */
  public static String checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return HexFormat.of().toHexDigits((int) checksum.getValue());
  }
}
