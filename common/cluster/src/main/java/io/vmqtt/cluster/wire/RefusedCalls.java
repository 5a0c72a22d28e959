package io.vmqtt.cluster.wire;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.handler.ssl.NotSslRecordException;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.identity.Refusals;
import io.vmqtt.cluster.identity.WrongPeerException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says of calls to a node that they came to nothing because of who is at one of their ends. */
final class RefusedCalls implements ClientInterceptor {
  /** What gRPC says of a connection that ends without any word of HTTP/2. */
  private static final String CLOSED = "Network closed for unknown reason";

  private final Node node;
  private final @Nullable ProcessIdentity identity;
  private final Refusals refusals;

  RefusedCalls(Node node, @Nullable ProcessIdentity identity, Refusals refusals) {
    this.node = node;
    this.identity = identity;
    this.refusals = refusals;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              private boolean heard;

              @Override
              public void onHeaders(Metadata answer) {
                heard = true;
                super.onHeaders(answer);
              }

              @Override
              public void onClose(Status status, Metadata trailers) {
                if (!heard && status.getCode() == Status.Code.UNAVAILABLE) {
                  cameToNothing(status);
                }
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }

  private void cameToNothing(Status status) {
    ProcessIdentity shown = identity;
    Throwable failure = failureOfTls(status);
    if (shown == null) {
      if (CLOSED.equals(status.getDescription())) {
        refusals.say(
            whom()
                + " closed the connection before it said a word: if it wants TLS, this process needs"
                + " --cluster-certificate");
      }
    } else if (failure instanceof NotSslRecordException) {
      refusals.say(
          "refuses what is at "
              + where()
              + ": a certificate of "
              + node.role().serviceName()
              + " was expected, one without TLS came");
    } else if (failure != null && !WrongPeerException.isBehind(failure)) {
      refusals.say(
          "refused by "
              + whom()
              + ", to which it shows "
              + shown.shown()
              + ": "
              + failure.getMessage());
    }
  }

  private static @Nullable Throwable failureOfTls(Status status) {
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return cause;
      }
    }
    return null;
  }

  private String whom() {
    return node.role().serviceName() + " at " + where();
  }

  private String where() {
    return node.host() + ':' + node.grpcPort();
  }
}
