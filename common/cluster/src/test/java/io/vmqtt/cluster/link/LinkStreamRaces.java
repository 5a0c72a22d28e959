package io.vmqtt.cluster.link;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.testkit.time.VirtualTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.slf4j.LoggerFactory;

/**
 * Threads that meet at a stream: nothing is left lying, written twice or by two at once, and its
 * owner hears of one beginning and one end. No timer runs here that would make up for it.
 */
public final class LinkStreamRaces {
  private static final Peer SELF = new Peer("self", 1, "races");
  private static final Peer OTHER = new Peer("other", 2, "races");
  private static final LinkMetrics METERS = new LinkMetrics(new SimpleMeterRegistry(), "races");

  static {
    ((Logger) LoggerFactory.getLogger(LinkStream.class)).setLevel(Level.OFF);
  }

  private LinkStreamRaces() {}

  /** A batch as it is. */
  record Batch(Envelope envelope, List<Integer> frames) {}

  private enum Plain implements BatchFormat<Integer, Batch> {
    FORMAT;

    @Override
    public Batch batch(Envelope envelope, List<Integer> frames) {
      return new Batch(envelope, frames);
    }

    @Override
    public Envelope envelope(Batch batch) {
      return batch.envelope();
    }

    @Override
    public List<Integer> frames(Batch batch) {
      return batch.frames();
    }
  }

  /** A stream with its transport and its owner. */
  static final class OpenedStream implements LinkListener<Integer, Integer> {
    // Not for two threads: neither is the sending side of a gRPC stream.
    final RecordingTransport<Batch> transport = new RecordingTransport<>();
    final AtomicInteger ups = new AtomicInteger();
    final AtomicInteger downs = new AtomicInteger();
    final AtomicInteger ends = new AtomicInteger();
    final Runnable[] processed = new Runnable[2];
    final LinkStream<Integer, Batch, Integer, Batch> stream;
    private int received;

    OpenedStream(LinkSettings settings) {
      VirtualTime still = new VirtualTime();
      stream =
          new LinkStream<>(
              SELF,
              Plain.FORMAT,
              Plain.FORMAT,
              this,
              settings.options(),
              METERS,
              still.timer(Runnable::run),
              still,
              ends::incrementAndGet);
      stream.open(transport);
    }

    /** The other side says hello. */
    OpenedStream up() {
      hears(OTHER, 0, 0);
      return this;
    }

    void hears(@Nullable Peer hello, long sequence, long acknowledged) {
      List<Integer> frames = sequence == 0 ? List.of() : List.of((int) sequence);
      stream.onNext(new Batch(new Envelope(hello, sequence, acknowledged, 0, 0), frames));
    }

    /** Metrics hold a stream as long as it is open, and there are millions here. */
    void end() {
      stream.close("over");
    }

    /** The frames that were written, as the digits of a number. */
    int written() {
      int digits = 0;
      for (Batch batch : transport.sent) {
        for (int frame : batch.frames()) {
          digits = 10 * digits + frame;
        }
      }
      return digits;
    }

    @Override
    public void up(Link<Integer> link) {
      ups.incrementAndGet();
    }

    @Override
    public void receive(Link<Integer> link, List<Integer> frames, Runnable taken) {
      processed[received++] = taken;
    }

    @Override
    public void down(Link<Integer> link) {
      downs.incrementAndGet();
    }
  }

  /** The window is closed, and opens. */
  @JCStressTest
  @Outcome(id = "12", expect = Expect.ACCEPTABLE, desc = "both frames, in order")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the second is left lying")
  @State
  public static class SendWhileAcknowledged {
    private final OpenedStream opened = new OpenedStream(LinkSettings.calm().windowBatches(1)).up();

    public SendWhileAcknowledged() {
      opened.stream.send(1, 1);
    }

    @Actor
    public void send() {
      opened.stream.send(2, 1);
    }

    @Actor
    public void acknowledged() {
      opened.hears(null, 0, 1);
    }

    @Arbiter
    public void inTheEnd(I_Result result) {
      result.r1 = opened.written();
      opened.end();
    }
  }

  /** The transport takes nothing, and then does. */
  @JCStressTest
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "it is written")
  @Outcome(expect = Expect.FORBIDDEN, desc = "it is left lying")
  @State
  public static class SendWhileReady {
    private final OpenedStream opened = new OpenedStream(LinkSettings.calm()).up();

    public SendWhileReady() {
      opened.transport.ready = false;
    }

    @Actor
    public void send() {
      opened.stream.send(1, 1);
    }

    @Actor
    public void ready() {
      opened.transport.ready = true;
      opened.stream.transportReady();
    }

    @Arbiter
    public void inTheEnd(I_Result result) {
      result.r1 = opened.written();
      opened.end();
    }
  }

  /** Two send. */
  @JCStressTest
  @Outcome(
      id = {"12", "21"},
      expect = Expect.ACCEPTABLE,
      desc = "both frames")
  @Outcome(expect = Expect.FORBIDDEN, desc = "one is left lying, or was written over")
  @State
  public static class SendByTwo {
    private final OpenedStream opened =
        new OpenedStream(LinkSettings.calm().promptBatches(100)).up();

    @Actor
    public void send() {
      opened.stream.send(1, 1);
    }

    @Actor
    public void sendAnother() {
      opened.stream.send(2, 1);
    }

    @Arbiter
    public void inTheEnd(I_Result result) {
      result.r1 = opened.written();
      opened.end();
    }
  }

  /** Batches of the other side are done with, in whatever order. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "the other side has heard of both")
  @Outcome(expect = Expect.FORBIDDEN, desc = "it waits for one that is done with")
  @State
  public static class ProcessedByTwo {
    private final OpenedStream opened = new OpenedStream(LinkSettings.calm()).up();

    public ProcessedByTwo() {
      opened.hears(null, 1, 0);
      opened.hears(null, 2, 0);
    }

    @Actor
    public void processed() {
      opened.processed[0].run();
    }

    @Actor
    public void processedAnother() {
      opened.processed[1].run();
    }

    @Arbiter
    public void inTheEnd(I_Result result) {
      result.r1 = (int) opened.transport.sent.getLast().envelope().acknowledged();
      opened.end();
    }
  }

  /** It ends while its owner is told that it is up. */
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "its owner has seen it")
  @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "its owner never knew it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "its owner has missed something, or heard it twice")
  @State
  public static class CloseWhileComingUp {
    private final OpenedStream opened = new OpenedStream(LinkSettings.calm());

    @Actor
    public void comeUp() {
      opened.up();
    }

    @Actor
    public void close() {
      opened.stream.close("races");
    }

    @Arbiter
    public void inTheEnd(III_Result result) {
      result.r1 = opened.ups.get();
      result.r2 = opened.downs.get();
      result.r3 = opened.ends.get();
      opened.end();
    }
  }

  /** Two end it. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one end")
  @Outcome(expect = Expect.FORBIDDEN, desc = "none, or two")
  @State
  public static class CloseByTwo {
    private final OpenedStream opened = new OpenedStream(LinkSettings.calm()).up();

    @Actor
    public void close() {
      opened.stream.close("races");
    }

    @Actor
    public void lost() {
      opened.stream.onError(new IllegalStateException("races"));
    }

    @Arbiter
    public void inTheEnd(II_Result result) {
      result.r1 = opened.downs.get();
      result.r2 = opened.ends.get();
      opened.end();
    }
  }
}
