package io.vmqtt.cluster.link;

import io.grpc.Status;
import io.grpc.stub.CallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of a link, at either end.
 *
 * <p>Frames gather in a list and leave as a batch: at once while the link is idle, else when a
 * batch is full or the linger time is over, and never more than the window may be unacknowledged.
 * So a quiet link adds no delay, and a busy one turns many frames into few writes by itself.
 *
 * <p>The lock guards the fields and is never held while the transport or the listener is called: an
 * in-process transport runs the receiver inside the sender's call. {@link #pass} makes sure that
 * only one thread at a time writes to the transport.
 */
final class LinkStream<O, B, I, C> implements Link<O>, StreamObserver<C> {
  private static final Logger log = LoggerFactory.getLogger(LinkStream.class);

  /** How far the stream has come, as its owner hears of it. */
  private enum Phase {
    /** The other side has not said hello; the owner knows nothing of the stream. */
    OPENING,
    /** The owner is just being told that it is up. */
    COMING_UP,
    /** The owner knows that it is up. */
    UP,
    /** Over. Who comes from {@link #UP} tells the owner; at {@link #COMING_UP} that waits. */
    ENDED
  }

  private final Peer self;
  private final BatchFormat<O, B> outbound;
  private final BatchFormat<I, C> inbound;
  private final LinkListener<O, I> listener;
  private final LinkOptions options;
  private final LinkMetrics metrics;
  private final ScheduledExecutorService timer;
  private final LongSupplier nanoClock;
  private final AcknowledgedBatches processed = new AcknowledgedBatches();
  private final Pulse pulse;
  private final AtomicInteger pass = new AtomicInteger();
  private final AtomicBoolean timerArmed = new AtomicBoolean();
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.OPENING);
  private final ReentrantLock lock = new ReentrantLock();

  private final Runnable whenEnded;
  private volatile @Nullable CallStreamObserver<B> transport;
  private volatile @Nullable ScheduledFuture<?> heartbeat;
  private volatile @Nullable Peer peer;
  private volatile @Nullable Consumer<CallStreamObserver<?>> farewell;
  private volatile long unsentBytes;
  private volatile boolean congested;
  private volatile boolean left;
  private volatile long lastSentNanos;

  /** Of the batch that was acknowledged last; negative: none was. */
  private volatile long roundTripNanos = -1;

  // Guarded by the lock.
  private final UnsentFrames<O> unsent;
  private final SendWindow window = new SendWindow();
  private boolean saidHello;
  private boolean acknowledgementDue;
  private long acknowledgeAtNanos;
  private long lingerUntilNanos;

  /** A stream that is to be opened. {@code whenEnded} runs once when it is gone. */
  LinkStream(
      Peer self,
      BatchFormat<O, B> outbound,
      BatchFormat<I, C> inbound,
      LinkListener<O, I> listener,
      LinkOptions options,
      LinkMetrics metrics,
      ScheduledExecutorService timer,
      LongSupplier nanoClock,
      Runnable whenEnded) {
    this.self = self;
    this.outbound = outbound;
    this.inbound = inbound;
    this.listener = listener;
    this.options = options;
    this.metrics = metrics;
    this.timer = timer;
    this.nanoClock = nanoClock;
    this.whenEnded = whenEnded;
    this.lastSentNanos = nanoClock.getAsLong();
    this.pulse = new Pulse(lastSentNanos, options.silenceLimit());
    this.unsent = new UnsentFrames<>(options.maxBatchBytes(), options.maxBatchFrames());
  }

  /** Says hello over the transport; a call that failed at once may have ended the stream before. */
  void open(CallStreamObserver<B> opened) {
    transport = opened;
    long periodMillis = options.heartbeat().toMillis();
    ScheduledFuture<?> beating =
        timer.scheduleWithFixedDelay(
            this::checkPulse, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    heartbeat = beating;
    if (hasEnded()) {
      beating.cancel(false);
    }
    drain();
  }

  @Override
  public Peer peer() {
    Peer known = peer;
    if (known == null) {
      throw new IllegalStateException("the link is not up yet");
    }
    return known;
  }

  @Override
  public boolean offer(O frame, int bytes) {
    return offerAll(List.of(frame), bytes);
  }

  @Override
  public boolean offerAll(List<O> frames, int bytes) {
    if (hasEnded() || peer == null) {
      return false;
    }
    boolean go;
    lock.lock();
    try {
      if (!unsent.isEmpty() && unsent.bytes() + bytes > options.maxUnsentBytes()) {
        metrics.framesRefused.increment(frames.size());
        return false;
      }
      if (unsent.isEmpty()) {
        lingerUntilNanos = nanoClock.getAsLong() + options.linger().toNanos();
      }
      unsent.add(frames, bytes);
      unsentBytes = unsent.bytes();
      if (unsent.bytes() >= options.congestedBytes()) {
        congested = true;
      }
      go = batchIsDue(false);
    } finally {
      lock.unlock();
    }
    if (go) {
      drain();
    } else {
      armTimer(options.linger().toNanos());
    }
    return true;
  }

  @Override
  public void send(O frame, int bytes) {
    sendAll(List.of(frame), bytes);
  }

  @Override
  public void sendAll(List<O> frames, int bytes) {
    if (!offerAll(frames, bytes) && !hasEnded()) {
      close("more than " + options.maxUnsentBytes() + " bytes are unsent");
    }
  }

  @Override
  public boolean congested() {
    return congested;
  }

  /** Whether the other side ever answered. */
  boolean wasUp() {
    return peer != null;
  }

  long unsentBytes() {
    return unsentBytes;
  }

  /** What there is to tell of it; of one that was up. */
  LinkFigures figures(String kind) {
    long tookNanos = roundTripNanos;
    return new LinkFigures(
        kind,
        peer().nodeId(),
        tookNanos < 0 ? null : (Long) TimeUnit.NANOSECONDS.toMicros(tookNanos),
        unsentBytes,
        congested);
  }

  @Override
  public boolean isLive() {
    return !hasEnded() && !pulse.hasLapsed(nanoClock.getAsLong());
  }

  @Override
  public boolean wasLeft() {
    return left;
  }

  @Override
  public void close(String reason) {
    if (end(reason)) {
      farewell =
          out -> out.onError(Status.UNAVAILABLE.withDescription(reason).asRuntimeException());
      drain();
    }
  }

  /** Ends the stream and says so: the other side need not reckon with this one any longer. */
  void leave(String reason) {
    if (end(reason)) {
      farewell = StreamObserver::onCompleted;
      drain();
    }
  }

  @Override
  public void onNext(C batch) {
    if (hasEnded()) {
      return; // nor is it heard: the other side must not believe that it was
    }
    Envelope envelope = inbound.envelope(batch);
    pulse.heard(envelope);
    if (closeIfSilent()) {
      return;
    }
    Peer hello = envelope.hello();
    if (hello != null && phase.compareAndSet(Phase.OPENING, Phase.COMING_UP)) {
      comeUp(hello);
    }
    if (peer == null) {
      close("the other side did not say hello first");
    }
    if (hasEnded()) {
      return;
    }
    acknowledged(envelope.acknowledged());
    long sequence = envelope.sequence();
    if (sequence > 0) {
      List<I> frames = inbound.frames(batch);
      metrics.batchesReceived.increment();
      metrics.framesReceived.increment(frames.size());
      listener.receive(this, frames, () -> batchProcessed(sequence));
    }
  }

  @Override
  public void onError(Throwable cause) {
    end(String.valueOf(cause.getMessage()));
  }

  @Override
  public void onCompleted() {
    left = true;
    leave("left by the other side");
  }

  private void comeUp(Peer hello) {
    peer = hello;
    metrics.opened(this);
    log.info("link to {} is up", hello.nodeId());
    try {
      listener.up(this);
    } catch (RuntimeException e) {
      log.error("the owner of a link failed when it came up", e);
      close("its owner failed");
    }
    if (!phase.compareAndSet(Phase.COMING_UP, Phase.UP)) {
      tellDown();
      whenEnded.run();
    }
  }

  private boolean hasEnded() {
    return phase.get() == Phase.ENDED;
  }

  private boolean end(String reason) {
    Phase before = phase.getAndSet(Phase.ENDED);
    if (before == Phase.ENDED) {
      return false;
    }
    ScheduledFuture<?> beating = heartbeat;
    if (beating != null) {
      beating.cancel(false);
    }
    Peer known = peer;
    if (known != null) {
      log.info("link to {} is down: {}", known.nodeId(), reason);
    }
    if (before == Phase.UP) {
      tellDown();
    }
    if (before != Phase.COMING_UP) {
      whenEnded.run(); // the owner must have heard of this end before the next stream comes up
    }
    return true;
  }

  /** Whatever the owner makes of it, the stream has to come to its end. */
  private void tellDown() {
    metrics.closed(this);
    try {
      listener.down(this);
    } catch (RuntimeException e) {
      log.error("the owner of a link failed when it went down", e);
    }
  }

  private void tellWritable() {
    try {
      listener.writable(this);
    } catch (RuntimeException e) {
      log.error("the owner of a link failed when it could go on", e);
      close("its owner failed");
    }
  }

  private void acknowledged(long through) {
    boolean any;
    boolean free;
    long sentNanos;
    lock.lock();
    try {
      // What is due is found out by draining, which also sets the timer for what is not due yet.
      any = window.acknowledge(through);
      free = any && !unsent.isEmpty();
      sentNanos = window.acknowledgedSentNanos();
    } finally {
      lock.unlock();
    }
    if (any) {
      long took = nanoClock.getAsLong() - sentNanos;
      roundTripNanos = took;
      metrics.roundTrip.record(took);
    }
    if (free) {
      drain();
    }
  }

  private void batchProcessed(long sequence) {
    boolean atOnce;
    lock.lock();
    try {
      if (!processed.add(sequence)) {
        return;
      }
      long delayNanos = options.acknowledgeDelay().toNanos();
      if (!acknowledgementDue) {
        acknowledgementDue = true;
        acknowledgeAtNanos = nanoClock.getAsLong() + delayNanos;
      }
      // Half a window without a word would stop the sender for no reason.
      atOnce = delayNanos == 0 || processed.unreported() >= options.windowBatches() / 2;
      if (atOnce) {
        acknowledgeAtNanos = nanoClock.getAsLong();
      }
    } finally {
      lock.unlock();
    }
    if (atOnce) {
      drain();
    } else {
      armTimer(options.acknowledgeDelay().toNanos());
    }
  }

  /** Called with the lock held. */
  private boolean batchIsDue(boolean timerRang) {
    return window.unacknowledgedBatches() < options.promptBatches()
        || unsent.hasFullBatch()
        || (timerRang && nanoClock.getAsLong() - lingerUntilNanos >= 0);
  }

  private void armTimer(long delayNanos) {
    if (timerArmed.compareAndSet(false, true)) {
      var _ = timer.schedule(this::timerRings, Math.max(delayNanos, 10_000), TimeUnit.NANOSECONDS);
    }
  }

  private void timerRings() {
    timerArmed.set(false);
    drain();
  }

  /** Sends what is due. Whoever finds another thread here leaves the work to it. */
  private void drain() {
    if (pass.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      while (sendOne()) {
        // as long as batches are due and the window is open
      }
      sayFarewell();
      missed = pass.addAndGet(-missed);
    } while (missed != 0);
  }

  /** Ends the transport; like everything that writes to it, by one thread at a time. */
  private void sayFarewell() {
    Consumer<CallStreamObserver<?>> last = farewell;
    CallStreamObserver<B> out = transport;
    if (last != null && out != null) {
      farewell = null;
      last.accept(out);
    }
  }

  private boolean sendOne() {
    CallStreamObserver<B> out = transport;
    if (out == null || hasEnded()) {
      return false;
    }
    Peer hello = null;
    List<O> frames = List.of();
    long sequence = 0;
    long acknowledge;
    long bytes = 0;
    boolean relieved = false;
    lock.lock();
    try {
      if (!saidHello) {
        saidHello = true;
        hello = self;
      }
      boolean mayGo =
          hello == null
              && !unsent.isEmpty()
              && window.isOpen(options.windowBytes(), options.windowBatches())
              && out.isReady();
      boolean framesDue = mayGo && batchIsDue(true);
      boolean ackDue = acknowledgementDue && nanoClock.getAsLong() - acknowledgeAtNanos >= 0;
      if (hello == null && !framesDue && !ackDue) {
        rearm(mayGo);
        return false;
      }
      UnsentFrames.Segment<O> next = mayGo ? unsent.poll() : null;
      if (next != null) {
        frames = next.frames;
        bytes = next.bytes;
        sequence = window.sent(bytes, nanoClock.getAsLong());
        unsentBytes = unsent.bytes();
        relieved = congested && unsent.bytes() < options.congestedBytes() / 2;
        congested &= !relieved;
      }
      acknowledge = processed.report();
      acknowledgementDue = false;
    } finally {
      lock.unlock();
    }
    if (sequence > 0) {
      metrics.batchesSent.increment();
      metrics.framesSent.increment(frames.size());
      metrics.bytesSent.increment(bytes);
    }
    write(hello, sequence, acknowledge, frames);
    if (relieved && !hasEnded()) {
      tellWritable();
    }
    return true;
  }

  /** Called with the lock held: what is not due yet is due when the timer rings. */
  private void rearm(boolean mayGo) {
    long now = nanoClock.getAsLong();
    long acknowledgeNanos = acknowledgementDue ? acknowledgeAtNanos - now : Long.MAX_VALUE;
    long lingerNanos = mayGo ? lingerUntilNanos - now : Long.MAX_VALUE;
    if (acknowledgementDue || mayGo) {
      armTimer(Math.min(acknowledgeNanos, lingerNanos));
    }
  }

  private void write(@Nullable Peer hello, long sequence, long acknowledge, List<O> frames) {
    CallStreamObserver<B> out = transport;
    if (out == null) {
      return;
    }
    long now = nanoClock.getAsLong();
    lastSentNanos = now;
    Envelope envelope =
        new Envelope(hello, sequence, acknowledge, pulse.clockMillis(now), pulse.heardMillis());
    try {
      out.onNext(outbound.batch(envelope, frames));
    } catch (RuntimeException e) {
      // The transport refuses after its own end; the reason reaches onError or is this one.
      end(String.valueOf(e.getMessage()));
    }
  }

  /** The transport takes more. */
  void transportReady() {
    drain();
  }

  private void checkPulse() {
    if (closeIfSilent()) {
      return;
    }
    long now = nanoClock.getAsLong();
    if (now - lastSentNanos >= options.heartbeat().toNanos() / 2) {
      lock.lock();
      try {
        acknowledgementDue = true;
        acknowledgeAtNanos = now;
      } finally {
        lock.unlock();
      }
      drain();
    }
  }

  private boolean closeIfSilent() {
    boolean silent = pulse.hasLapsed(nanoClock.getAsLong());
    if (silent) {
      close("no answer for " + options.silenceLimit());
    }
    return silent;
  }
}
