package io.vmqtt.cluster.link;

import io.grpc.stub.CallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a gRPC stream that keeps what is sent.
 *
 * @param <B> batches
 */
final class RecordingTransport<B> extends CallStreamObserver<B> {
  final List<B> sent = new ArrayList<>();
  boolean ready = true;
  boolean completed;
  @Nullable Throwable error;

  /** What the next write throws. */
  @Nullable RuntimeException failure;

  @Override
  public void onNext(B batch) {
    if (failure != null) {
      throw failure;
    }
    sent.add(batch);
  }

  @Override
  public void onError(Throwable cause) {
    error = cause;
  }

  @Override
  public void onCompleted() {
    completed = true;
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public void setOnReadyHandler(Runnable onReadyHandler) {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void request(int count) {}

  @Override
  public void setMessageCompression(boolean enable) {}
}
