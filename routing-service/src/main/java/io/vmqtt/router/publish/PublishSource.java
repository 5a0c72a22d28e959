package io.vmqtt.router.publish;

/** Who is told what became of a publish. */
public interface PublishSource {

  /** It is safe at every destination; {@code matched} if there was one for its subscribers. */
  void succeeded(long sequence, boolean matched);

  /** It was not taken everywhere. */
  void refused(long sequence, int reasonCode);
}
