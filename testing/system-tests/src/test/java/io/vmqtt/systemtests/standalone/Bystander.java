package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A client of another address than all the others, which publishes and is answered all the time on
 * a thread of its own, while they do what they like. That it is never kept waiting for long is what
 * {@link #close} demands.
 */
final class Bystander implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int LEAST_SERVED = 3;
  private static final long PAUSE_MILLIS = 15;
  private static final int PUBACK = 0x40;
  private static final int CONNACK = 0x20;

  private final Socket socket;
  private final DataInputStream in;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final CompletableFuture<Void> over;
  private int served;
  private long longestNanos;

  /** Comes, and is served from now on. */
  Bystander(Address broker) throws IOException {
    socket = comeFromElsewhere(broker);
    in = new DataInputStream(socket.getInputStream());
    socket.getOutputStream().write(Packets.connect(Names.client("bystander")));
    assertEquals(CONNACK, in.readUnsignedByte());
    in.skipNBytes(in.readUnsignedByte());
    over = CompletableFuture.runAsync(this::goOn, work -> Thread.ofVirtual().start(work));
  }

  /** A connection from 127.0.0.2. */
  static Socket comeFromElsewhere(Address broker) throws IOException {
    Socket socket =
        new Socket(
            InetAddress.ofLiteral("127.0.0.1"),
            broker.port(),
            InetAddress.ofLiteral("127.0.0.2"),
            0);
    socket.setSoTimeout((int) RawConnection.PATIENCE.toMillis());
    socket.setTcpNoDelay(true);
    return socket;
  }

  private void goOn() {
    try {
      do {
        long from = System.nanoTime();
        socket.getOutputStream().write(Packets.publish("bystander", "here", 1, 1 + served % 1000));
        assertEquals(PUBACK, in.readUnsignedByte());
        in.skipNBytes(in.readUnsignedByte());
        longestNanos = Math.max(longestNanos, System.nanoTime() - from);
        served++;
      } while (!isOverWithin(PAUSE_MILLIS) || served < LEAST_SERVED);
    } catch (IOException e) {
      throw new IllegalStateException("not served after " + served + " times", e);
    }
  }

  /** Sixty times a second are enough, and leave the machine to the others. */
  private boolean isOverWithin(long millis) {
    try {
      end.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("nobody interrupts, and nothing fails", e);
    }
  }

  /** It has been served all the time. */
  @Override
  public void close() throws IOException {
    end.complete(null);
    over.join();
    socket.close();
    Duration longest = Duration.ofNanos(longestNanos);
    assertTrue(
        longest.compareTo(LONGEST_WAIT) < 0, () -> "one of " + served + " answers took " + longest);
  }
}
