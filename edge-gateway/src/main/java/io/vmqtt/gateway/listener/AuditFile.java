package io.vmqtt.gateway.listener;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.gateway.audit.AuditEvent;
import io.vmqtt.gateway.audit.FactChange;
import io.vmqtt.gateway.audit.FairAudit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of an audit: a line of JSON for each event. It is renamed when it is full, and of those
 * renamed a few are kept. One thread writes; where it does not keep up, events are dropped and
 * counted.
 */
final class AuditFile implements FairAudit.Sink, AutoCloseable {
  private static final int MOST_WAITING = 10_000;
  private static final long CLOSE_SECONDS = 5;

  private static final Logger log = LoggerFactory.getLogger(AuditFile.class);

  private final AtomicBoolean troubleLogged = new AtomicBoolean();
  private final JsonMapper json = new JsonMapper();
  private final LoggerContext context = new LoggerContext();
  private final RollingFileAppender<byte[]> appender = new RollingFileAppender<>();
  private final LongAdder dropped = new LongAdder();
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().name("audit").daemon().factory(),
          (event, full) -> dropped.increment());

  /**
   * Opens the file, and makes it if it is not there.
   *
   * @param maxBytes at which it is renamed
   * @param kept how many of those renamed are kept
   * @throws IOException if it cannot be written; the message names it
   */
  AuditFile(Path file, long maxBytes, int kept) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(file + ": there is no folder " + folder);
    }
    context.getStatusManager().add(this::troubled);
    appender.setContext(context);
    appender.setName("audit");
    appender.setFile(absolute.toString());
    appender.setEncoder(new Lines());
    FixedWindowRollingPolicy renaming = new FixedWindowRollingPolicy();
    renaming.setContext(context);
    renaming.setParent(appender);
    renaming.setFileNamePattern(absolute + ".%i");
    renaming.setMinIndex(1);
    renaming.setMaxIndex(kept);
    renaming.start();
    SizeBasedTriggeringPolicy<byte[]> full = new SizeBasedTriggeringPolicy<>();
    full.setContext(context);
    full.setMaxFileSize(new FileSize(maxBytes));
    full.setCheckIncrement(Duration.buildByMilliseconds(0));
    full.start();
    appender.setRollingPolicy(renaming);
    appender.setTriggeringPolicy(full);
    appender.start();
    if (!appender.isStarted() || !Files.isWritable(absolute)) {
      close();
      throw new IOException(file + ": cannot be written");
    }
  }

  /** Each event as it is. */
  private static final class Lines extends EncoderBase<byte[]> {
    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] encode(byte[] line) {
      return line;
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }
  }

  /** A disk that is full, say: once in the log, and each time in the count. */
  private void troubled(Status status) {
    if (status.getLevel() >= Status.WARN) {
      dropped.increment();
      if (!troubleLogged.getAndSet(true)) {
        log.warn("the audit file is not written: {}", status.getMessage(), status.getThrowable());
      }
    }
  }

  /** How many events were dropped because they came faster than the disk takes them. */
  long dropped() {
    return dropped.sum();
  }

  @Override
  public void write(AuditEvent event, long leftOut) {
    Instant now = now();
    writer.execute(() -> appender.doAppend(line(event, leftOut, now)));
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** A change that a node has heard of; there are few of them, and none is left out. */
  void write(FactChange change, String node) {
    ObjectNode line =
        begun("change", now())
            .put("of", change.fact())
            .put("version", change.version())
            .put("count", change.count())
            .put("node", node);
    writer.execute(() -> appender.doAppend(bytes(line)));
  }

  /** A pardon that a node has heard of, likewise. */
  void write(Pardon pardon, int takenBack, String node) {
    ObjectNode line =
        begun("pardon", now())
            .put(pardon.who().label(), AuditEvent.cut(pardon.who().text()))
            .put("at", pardon.at().toString())
            .put("by", AuditEvent.cut(pardon.by()))
            .put("reason", AuditEvent.cut(pardon.reason()))
            .put("taken_back", takenBack)
            .put("node", node);
    writer.execute(() -> appender.doAppend(bytes(line)));
  }

  private ObjectNode begun(String event, Instant now) {
    return json.createObjectNode().put("time", now.toString()).put("event", event);
  }

  private byte[] line(AuditEvent event, long leftOut, Instant now) {
    ObjectNode line =
        begun(event.kind().name().toLowerCase(Locale.ROOT), now).put("allowed", event.isAllowed());
    if (!event.isAllowed()) {
      line.put("reason", event.why().name().toLowerCase(Locale.ROOT));
    }
    line.put("listener", event.listener())
        .put("namespace", event.namespace().name())
        .put("client", event.clientId());
    if (event.userName() != null) {
      line.put("user", event.userName());
    }
    if (event.peer() != null) {
      line.put("from", text(event.peer()));
    }
    if (event.topic() != null) {
      line.put("topic", event.topic());
    }
    if (event.rule() != null) {
      line.put("rule", event.rule());
    }
    if (leftOut > 0) {
      line.put("left_out_before", leftOut);
    }
    return bytes(line);
  }

  private static byte[] bytes(ObjectNode line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String text(SocketAddress peer) {
    return peer instanceof InetSocketAddress address && address.getAddress() != null
        ? address.getAddress().getHostAddress() + ':' + address.getPort()
        : peer.toString();
  }

  /** What waits is written before. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    appender.stop();
    context.stop();
  }
}
