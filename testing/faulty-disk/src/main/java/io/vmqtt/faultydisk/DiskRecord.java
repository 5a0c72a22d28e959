package io.vmqtt.faultydisk;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What processes did to the files of a folder, one after the other, as the recorder noted it. */
final class DiskRecord {
  private static final int HEAD_BYTES = 25;

  private DiskRecord() {}

  /** What was done; the letters are those of the recorder. */
  enum What {
    CREATED('C'),
    OPENED('O'),
    WRITTEN('W'),
    TRUNCATED('T'),
    /** Room was made; the file is that long, if it was shorter. */
    GROWN('G'),
    SYNC_BEGUN('B'),
    SYNC_ENDED('E'),
    SYNC_FAILED('F'),
    MADE_FOLDER('M'),
    REMOVED('U'),
    RENAMED('R'),
    LINKED('L'),
    MAPPED('P');

    private final char letter;

    What(char letter) {
      this.letter = letter;
    }

    private static What of(int letter) {
      for (What what : values()) {
        if (what.letter == letter) {
          return what;
        }
      }
      throw new IllegalStateException("no record begins with " + letter);
    }
  }

  /**
   * One deed.
   *
   * @param name of the file, absolute; empty where it is known by its number
   * @param other the new name of one that got another
   * @param file its number: the inode
   * @param offset where it was written, its new length, the number of a sync, or 1 for a folder
   * @param position where its bytes stand in the record
   * @param bytes how many
   */
  record Deed(
      What what, String name, String other, long file, long offset, long position, int bytes) {}

  /** Reads all of it; the last deed may be missing in part, if the process was killed. */
  static void read(Path record, Consumer<Deed> deeds) throws IOException {
    long size = Files.size(record);
    long position = 0;
    byte[] head = new byte[HEAD_BYTES];
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(record), 1 << 20))) {
      while (size - position >= HEAD_BYTES) {
        in.readFully(head);
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.nativeOrder());
        What what = What.of(fields.get());
        int nameBytes = fields.getShort();
        int otherBytes = fields.getShort();
        long file = fields.getLong();
        long offset = fields.getLong();
        int bytes = fields.getInt();
        long content = position + HEAD_BYTES + nameBytes + otherBytes;
        position = content + bytes;
        if (position > size) {
          return;
        }
        Deed deed =
            new Deed(what, text(in, nameBytes), text(in, otherBytes), file, offset, content, bytes);
        in.skipNBytes(bytes);
        deeds.accept(deed);
      }
    } catch (EOFException e) {
      throw new IOException(record + " became shorter", e);
    }
  }

  private static String text(DataInputStream in, int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
  }
}
