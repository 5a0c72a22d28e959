package io.vmqtt.simulation.world;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of one bidirectional stream.
 *
 * @param <Q> requests
 * @param <R> responses
 */
final class Call<Q, R> extends ClientCall<Q, R> {
  private final Transport transport;
  private final SimulatedProcess client;
  private final @Nullable SimulatedProcess server;
  private final Pipe back;
  private final @Nullable Pipe there;
  private final MethodDescriptor<Q, R> method;
  private final @Nullable ServerMethodDefinition<Q, R> definition;
  private final Answers answers = new Answers();
  private @Nullable Listener<R> listener;
  private ServerCall.@Nullable Listener<Q> serverListener;
  private boolean clientClosed;
  private boolean serverClosed;

  /**
   * @param server null: nobody is there
   */
  Call(
      Transport transport,
      SimulatedProcess client,
      @Nullable SimulatedProcess server,
      Pipe back,
      @Nullable Pipe there,
      MethodDescriptor<Q, R> method,
      @Nullable ServerMethodDefinition<Q, R> definition) {
    this.transport = transport;
    this.client = client;
    this.server = server;
    this.back = back;
    this.there = there;
    this.method = method;
    this.definition = definition;
  }

  boolean ends(SimulatedProcess process) {
    return process == client || process == server;
  }

  /** One end is dead. */
  void reset() {
    transport.ended(this);
    if (server != null && server.isDead()) {
      back.send(() -> closeClient(Status.UNAVAILABLE.withDescription("connection reset")));
    } else {
      toServer(this::cancelServer);
    }
  }

  private void toServer(Runnable message) {
    if (there != null) {
      there.send(message);
    }
  }

  private void closeClient(Status status) {
    Listener<R> told = listener;
    if (!clientClosed && told != null) {
      clientClosed = true;
      transport.ended(this);
      told.onClose(status, new Metadata());
    }
  }

  private void cancelServer() {
    ServerCall.Listener<Q> told = serverListener;
    if (!serverClosed && told != null) {
      serverClosed = true;
      transport.ended(this);
      told.onCancel();
    }
  }

  // --- the client's end

  @Override
  public void start(Listener<R> responses, Metadata headers) {
    listener = responses;
    if (definition == null) {
      back.send(() -> closeClient(Status.UNAVAILABLE.withDescription("connection refused")));
      return;
    }
    toServer(
        () -> {
          if (!serverClosed) {
            serverListener = definition.getServerCallHandler().startCall(answers, new Metadata());
          }
        });
  }

  @Override
  public void request(int messages) {}

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    if (!clientClosed) {
      closeClient(Status.CANCELLED.withDescription(message).withCause(cause));
      toServer(this::cancelServer);
    }
  }

  @Override
  public void halfClose() {
    toServer(
        () -> {
          ServerCall.Listener<Q> told = serverListener;
          if (!serverClosed && told != null) {
            told.onHalfClose();
          }
        });
  }

  @Override
  public void sendMessage(Q message) {
    transport.sent(message);
    toServer(
        () -> {
          ServerCall.Listener<Q> told = serverListener;
          if (!serverClosed && told != null) {
            told.onMessage(message);
          }
        });
  }

  // --- the server's end

  private final class Answers extends ServerCall<Q, R> {

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(R message) {
      transport.sent(message);
      back.send(
          () -> {
            ClientCall.Listener<R> told = listener;
            if (!clientClosed && told != null) {
              told.onMessage(message);
            }
          });
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!serverClosed) {
        serverClosed = true;
        back.send(() -> closeClient(status));
      }
    }

    @Override
    public boolean isCancelled() {
      return serverClosed;
    }

    @Override
    public MethodDescriptor<Q, R> getMethodDescriptor() {
      return method;
    }
  }
}
