package io.vmqtt.router.publish;

/** Who is told what became of a publish. */
public interface PublishSource {
  /** Nobody wants to know. */
  PublishSource NOBODY =
      new PublishSource() {
        @Override
        public void succeeded(long sequence, boolean matched) {}

        @Override
        public void refused(long sequence, int reasonCode) {}
      };

  /** It is safe at every destination; {@code matched} if there was one for its subscribers. */
  void succeeded(long sequence, boolean matched);

  /** It was not taken everywhere. */
  void refused(long sequence, int reasonCode);
}
