package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.Heard;
import io.vmqtt.cluster.operation.MessageInfo;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.ScopedName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages as lines of JSON, as they come: a read waits for the next one, and gives those that are
 * there with it. Now and then a line says that none came. Read by one thread at a time, which may
 * wait; closed by any.
 */
final class HeardLines extends InputStream {
  private static final long SIGN_OF_LIFE_MILLIS = Duration.ofSeconds(15).toMillis();

  /** So much is gathered before it is given. */
  private static final int ENOUGH_BYTES = 32 << 10;

  private final HeardMessages messages;
  private final boolean payloads;
  private final Runnable taken;
  private final Runnable end;
  private byte[] lines = line(Heard.NOTHING); // whoever reads is to see that it has begun
  private int position;

  /**
   * Lines of what comes.
   *
   * @param payloads whether what messages say is wanted
   * @param taken is run when there is room for more
   * @param end is run by {@link #close}
   */
  HeardLines(HeardMessages messages, boolean payloads, Runnable taken, Runnable end) {
    this.messages = messages;
    this.payloads = payloads;
    this.taken = taken;
    this.end = end;
  }

  @Override
  public int read() throws IOException {
    return hasMore() ? lines[position++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!hasMore()) {
      return -1;
    }
    int count = Math.min(length, lines.length - position);
    System.arraycopy(lines, position, to, offset, count);
    position += count;
    return count;
  }

  @Override
  public int available() {
    return lines.length - position;
  }

  private boolean hasMore() throws IOException {
    if (position < lines.length) {
      return true;
    }
    try {
      HeardMessages.Next next = messages.take(SIGN_OF_LIFE_MILLIS);
      if (next.over()) {
        return false;
      }
      lines = gathered(next);
      position = 0;
      taken.run();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("this process stops");
    }
  }

  private byte[] gathered(HeardMessages.Next first) throws InterruptedException, IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(line(heard(first)));
    while (out.size() < ENOUGH_BYTES) {
      HeardMessages.Next next = messages.take(0);
      if (next.message() == null) {
        break;
      }
      out.write(line(heard(next)));
    }
    return out.toByteArray();
  }

  private static byte[] line(Heard heard) {
    byte[] json = Answers.write(heard);
    byte[] line = new byte[json.length + 1];
    System.arraycopy(json, 0, line, 0, json.length);
    line[json.length] = '\n';
    return line;
  }

  private Heard heard(HeardMessages.Next next) {
    Message message = next.message();
    Delivery delivery = next.delivery();
    return message == null || delivery == null
        ? Heard.NOTHING
        : new Heard(next.leftOut(), info(message, delivery));
  }

  private MessageInfo info(Message message, Delivery delivery) {
    MessageProperties properties = payloads ? message.properties() : MessageProperties.NONE;
    return new MessageInfo(
        ScopedName.local(message.topic()),
        delivery.qos().value(),
        delivery.retain(),
        payloads ? base64(message.payload().duplicate()) : null,
        message.payload().remaining(),
        message.expiresAtMillis() == 0
            ? null
            : Instant.ofEpochMilli(message.expiresAtMillis()).toString(),
        properties.contentType(),
        properties.responseTopic(),
        properties.userProperties().stream().map(one -> List.of(one.name(), one.value())).toList());
  }

  private static @Nullable String base64(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public void close() {
    end.run();
  }
}
