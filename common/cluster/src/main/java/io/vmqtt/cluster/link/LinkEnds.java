package io.vmqtt.cluster.link;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.CallStreamObserver;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes the two ends of links: {@link #accept} at the server of the method, {@link #connect} at its
 * client.
 *
 * @param self what this process says of itself
 * @param options bounds and times of all its links
 * @param timer runs the short tasks of links: heartbeats, linger, new attempts
 * @param nanoClock the time of the timer, nanoseconds since whenever
 * @param dice draws the pauses between attempts, from any thread
 */
public record LinkEnds(
    Peer self,
    LinkOptions options,
    ScheduledExecutorService timer,
    LongSupplier nanoClock,
    RandomGenerator dice) {

  /** By the clock and with the dice of this machine. */
  public LinkEnds(Peer self, LinkOptions options, ScheduledExecutorService timer) {
    this(self, options, timer, System::nanoTime, () -> ThreadLocalRandom.current().nextLong());
  }

  /**
   * For links whose owners keep what they send until it is answered: on a new link all of that may
   * have to be sent again at once, as the same objects that are kept anyway.
   *
   * @param owners how many there are
   * @param bytes what each of them keeps at the most
   */
  public LinkEnds withRoomFor(int owners, long bytes) {
    long all = Math.min(bytes, Long.MAX_VALUE / owners) * owners;
    return new LinkEnds(self, options.withRoomFor(all), timer, nanoClock, dice);
  }

  /**
   * The serving end: to be called by the implementation of a bidirectional method.
   *
   * @param responses what gRPC hands to the method
   * @return what the method hands back
   */
  public <O, B, I, C> StreamObserver<C> accept(
      StreamObserver<B> responses,
      BatchFormat<O, B> outbound,
      BatchFormat<I, C> inbound,
      LinkListener<O, I> listener,
      LinkMetrics metrics) {
    ServerCallStreamObserver<B> transport = (ServerCallStreamObserver<B>) responses;
    LinkStream<O, B, I, C> stream =
        new LinkStream<>(
            self, outbound, inbound, listener, options, metrics, timer, nanoClock, () -> {});
    transport.setOnReadyHandler(stream::transportReady);
    transport.setOnCancelHandler(() -> stream.onError(new IllegalStateException("cancelled")));
    stream.open(transport);
    return stream;
  }

  /**
   * The calling end: connects, and connects anew with growing pauses until it is closed.
   *
   * @param name names the other side in the log
   */
  public <O, B, I, C> LinkClient connect(
      String name,
      Channel channel,
      MethodDescriptor<B, C> method,
      BatchFormat<O, B> outbound,
      BatchFormat<I, C> inbound,
      LinkListener<O, I> listener,
      LinkMetrics metrics) {
    return new LinkClient(
        name,
        options,
        timer,
        dice,
        whenEnded -> {
          LinkStream<O, B, I, C> stream =
              new LinkStream<>(
                  self, outbound, inbound, listener, options, metrics, timer, nanoClock, whenEnded);
          if (channel instanceof ManagedChannel managed) {
            // The pauses are the link's: those of the channel, up to minutes, would come on top.
            managed.resetConnectBackoff();
          }
          call(channel, method, stream);
          return stream;
        });
  }

  private static <O, B, I, C> void call(
      Channel channel, MethodDescriptor<B, C> method, LinkStream<O, B, I, C> stream) {
    ClientResponseObserver<B, C> responses =
        new ClientResponseObserver<>() {
          @Override
          public void beforeStart(ClientCallStreamObserver<B> transport) {
            transport.setOnReadyHandler(stream::transportReady);
          }

          @Override
          public void onNext(C batch) {
            stream.onNext(batch);
          }

          @Override
          public void onError(Throwable cause) {
            stream.onError(cause);
          }

          @Override
          public void onCompleted() {
            stream.onCompleted();
          }
        };
    StreamObserver<B> requests =
        ClientCalls.asyncBidiStreamingCall(channel.newCall(method, CallOptions.DEFAULT), responses);
    stream.open((CallStreamObserver<B>) requests);
  }
}
