package io.vmqtt.cluster.link;

import java.time.Duration;

/** Options of links for tests: nothing happens by itself unless a test asks for it. */
record LinkSettings(LinkOptions options) {
  private static final Duration NEVER = Duration.ofHours(1);

  /** Frames leave at once, alone, and nothing is bounded. */
  static LinkSettings calm() {
    return new LinkSettings(
        new LinkOptions(
            1 << 20,
            1000,
            1,
            NEVER,
            1 << 30,
            1000,
            1 << 30,
            1 << 30,
            Duration.ZERO,
            NEVER,
            NEVER,
            Duration.ofMillis(5),
            Duration.ofMillis(50)));
  }

  LinkSettings batchFrames(int frames) {
    LinkOptions o = options;
    return with(o.promptBatches(), frames, o.windowBytes(), o.windowBatches());
  }

  LinkSettings promptBatches(int batches) {
    LinkOptions o = options;
    return with(batches, o.maxBatchFrames(), o.windowBytes(), o.windowBatches());
  }

  LinkSettings windowBatches(int batches) {
    LinkOptions o = options;
    return with(o.promptBatches(), o.maxBatchFrames(), o.windowBytes(), batches);
  }

  LinkSettings windowBytes(long bytes) {
    LinkOptions o = options;
    return with(o.promptBatches(), o.maxBatchFrames(), bytes, o.windowBatches());
  }

  private LinkSettings with(int prompt, int frames, long windowBytes, int windowBatches) {
    LinkOptions o = options;
    return new LinkSettings(
        new LinkOptions(
            o.maxBatchBytes(),
            frames,
            prompt,
            o.linger(),
            windowBytes,
            windowBatches,
            o.congestedBytes(),
            o.maxUnsentBytes(),
            o.acknowledgeDelay(),
            o.heartbeat(),
            o.silenceLimit(),
            o.firstBackoff(),
            o.maxBackoff()));
  }

  /** Bounds what may wait. */
  LinkSettings unsent(long congestedBytes, long maxBytes) {
    LinkOptions o = options;
    return new LinkSettings(
        new LinkOptions(
            o.maxBatchBytes(),
            o.maxBatchFrames(),
            o.promptBatches(),
            o.linger(),
            o.windowBytes(),
            o.windowBatches(),
            congestedBytes,
            maxBytes,
            o.acknowledgeDelay(),
            o.heartbeat(),
            o.silenceLimit(),
            o.firstBackoff(),
            o.maxBackoff()));
  }

  /** Sets what happens by time. */
  LinkSettings times(
      Duration linger, Duration acknowledgeDelay, Duration heartbeat, Duration silenceLimit) {
    LinkOptions o = options;
    return new LinkSettings(
        new LinkOptions(
            o.maxBatchBytes(),
            o.maxBatchFrames(),
            o.promptBatches(),
            linger,
            o.windowBytes(),
            o.windowBatches(),
            o.congestedBytes(),
            o.maxUnsentBytes(),
            acknowledgeDelay,
            heartbeat,
            silenceLimit,
            o.firstBackoff(),
            o.maxBackoff()));
  }
}
