package io.vmqtt.registry.admin;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vmqtt.cluster.operation.MessageInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Retained messages as lines of JSON, of which no more than a page is in memory. Used by one thread
 * at a time, which may wait.
 */
final class RetainedExport extends InputStream {
  private static final ObjectWriter JSON = JsonMapper.builder().build().writer();

  private final Pages pages;
  private byte[] lines;
  private int position;
  private @Nullable String next;

  /** Reads a page. */
  interface Pages {
    /**
     * The one behind a place.
     *
     * @param cursor null: the first
     * @throws Problem if nobody can be asked
     */
    Page<MessageInfo> page(@Nullable String cursor) throws InterruptedException;
  }

  private RetainedExport(Pages pages, byte[] lines, @Nullable String next) {
    this.pages = pages;
    this.lines = lines;
    this.next = next;
  }

  /**
   * One whose first page is there.
   *
   * @throws Problem if somebody does not answer
   */
  static RetainedExport begin(Pages pages) throws InterruptedException {
    Page<MessageInfo> first = pages.page(null);
    if (!first.missing().isEmpty()) {
      throw Problem.unavailable(complaint(first));
    }
    return new RetainedExport(pages, lines(first.items()), first.next());
  }

  private static String complaint(Page<?> page) {
    Missing missing = page.missing().getFirst();
    return "it would be without " + missing.node() + ": " + missing.why();
  }

  private static byte[] lines(List<MessageInfo> messages) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      for (MessageInfo message : messages) {
        out.write(JSON.writeValueAsBytes(message));
        out.write('\n');
      }
    } catch (IOException e) {
      throw new IllegalStateException("a message cannot be written", e);
    }
    return out.toByteArray();
  }

  @Override
  public int read() throws IOException {
    return hasMore() ? lines[position++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (!hasMore()) {
      return -1;
    }
    int count = Math.min(length, lines.length - position);
    System.arraycopy(lines, position, to, offset, count);
    position += count;
    return count;
  }

  private boolean hasMore() throws IOException {
    while (position == lines.length) {
      if (next == null) {
        return false;
      }
      try {
        Page<MessageInfo> page = pages.page(next);
        if (!page.missing().isEmpty()) {
          throw new IOException(complaint(page));
        }
        lines = lines(page.items());
        position = 0;
        next = page.next();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("this process stops", e);
      } catch (Problem e) {
        throw new IOException(e);
      }
    }
    return true;
  }
}
