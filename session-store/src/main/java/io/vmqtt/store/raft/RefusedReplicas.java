package io.vmqtt.store.raft;

import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.CallsInVain;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.identity.Refusals;
import java.util.List;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import org.apache.ratis.thirdparty.io.grpc.InternalConfigurator;
import org.apache.ratis.thirdparty.io.grpc.InternalConfiguratorRegistry;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.NotSslRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Says of calls to other replicas that they came to nothing because of who is at one of their ends,
 * as is done for links. Ratis makes its channels by itself and lets nobody near them, so this asks
 * the gRPC within Ratis, which has one answer for the whole process: there is one Raft server in
 * one. Safe from any thread.
 */
final class RefusedReplicas implements InternalConfigurator, ClientInterceptor {
  private static final String CALLED = "the Raft of " + Role.SESSION_STORE.serviceName();

  /** Of the server that was started last; null before there is any. */
  private static volatile @Nullable CallsInVain inVain;

  static {
    InternalConfiguratorRegistry.setConfigurators(List.of(new RefusedReplicas()));
  }

  private RefusedReplicas() {}

  /** From now on calls to replicas are watched, for a process that shows this. */
  static void watch(@Nullable ProcessIdentity identity, Refusals refusals) {
    inVain =
        new CallsInVain(
            CALLED,
            Role.SESSION_STORE.serviceName(),
            identity,
            refusals,
            NotSslRecordException.class::isInstance);
  }

  @Override
  public void configureChannelBuilder(ManagedChannelBuilder<?> channel) {
    channel.intercept(this);
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
                CallsInVain ended = inVain;
                if (!heard && ended != null && status.getCode() == Status.Code.UNAVAILABLE) {
                  ended.note(next.authority(), status.getDescription(), status.getCause());
                }
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }
}
