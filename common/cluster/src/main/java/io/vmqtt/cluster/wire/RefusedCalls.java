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
import io.vmqtt.cluster.identity.CallsInVain;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.identity.Refusals;
import org.jspecify.annotations.Nullable;

/** Says of calls to a node that they came to nothing because of who is at one of their ends. */
final class RefusedCalls implements ClientInterceptor {
  private final String where;
  private final CallsInVain inVain;

  RefusedCalls(Node node, @Nullable ProcessIdentity identity, Refusals refusals) {
    String role = node.role().serviceName();
    this.where = node.host() + ':' + node.grpcPort();
    this.inVain =
        new CallsInVain(role, role, identity, refusals, NotSslRecordException.class::isInstance);
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
                  inVain.note(where, status.getDescription(), status.getCause());
                }
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }
}
