package io.vmqtt.cluster.wire;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.Doorstep;
import io.vmqtt.cluster.identity.IdentityFolder;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.identity.SaidRefusals;
import io.vmqtt.proto.store.v1.RouterToStore;
import io.vmqtt.proto.store.v1.SessionStoreGrpc;
import io.vmqtt.proto.store.v1.StoreToRouter;
import io.vmqtt.testkit.tls.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A store that answers, and processes that call it. */
class LinkTlsTest {
  private static final TestAuthority OURS = new TestAuthority("ours");
  private static final TestAuthority THEIRS = new TestAuthority("theirs");
  private static final String HERE = "127.0.0.1";
  private static final String ELSEWHERE = "127.0.0.2";
  private static final byte[] BEGINNING_OF_A_HANDSHAKE = {0x16, 3, 1, 0, 100, 1};

  @RegisterExtension final SaidRefusals said = new SaidRefusals();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> guests = new CopyOnWriteArrayList<>();
  @TempDir private Path folder;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private static final class Echo extends SessionStoreGrpc.SessionStoreImplBase {
    @Override
    public StreamObserver<RouterToStore> connect(StreamObserver<StoreToRouter> responses) {
      return new StreamObserver<>() {
        @Override
        public void onNext(RouterToStore batch) {
          responses.onNext(StoreToRouter.getDefaultInstance());
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
          responses.onCompleted();
        }
      };
    }
  }

  /** Who has called, by the certificate shown. */
  private final class Guestbook implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
      try {
        guests.add(session == null ? "nobody" : session.getPeerPrincipal().getName());
      } catch (SSLPeerUnverifiedException e) {
        guests.add("unverified");
      }
      return next.startCall(call, headers);
    }
  }

  /** The other end of a link. */
  private static final class Call implements StreamObserver<StoreToRouter> {
    final AtomicInteger answers = new AtomicInteger();
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    @Nullable StreamObserver<RouterToStore> requests;

    void ask() {
      StreamObserver<RouterToStore> to = requests;
      if (to != null) {
        to.onNext(RouterToStore.getDefaultInstance());
      }
    }

    @Override
    public void onNext(StoreToRouter batch) {
      answers.incrementAndGet();
    }

    @Override
    public void onError(Throwable cause) {
      failure.set(cause);
    }

    @Override
    public void onCompleted() {}
  }

  private <T extends AutoCloseable> T closed(T one) {
    open.add(one);
    return one;
  }

  private IdentityFolder files(TestAuthority authority, Role role) throws IOException {
    return new IdentityFolder(Files.createTempDirectory(folder, "identity"), authority, role);
  }

  private ProcessIdentity identity(TestAuthority authority, Role role) throws IOException {
    return closed(files(authority, role).as(role));
  }

  private int serve(@Nullable ProcessIdentity identity) throws IOException {
    NetworkTransport transport = closed(new NetworkTransport(identity, meters));
    Server server =
        transport
            .serve(NettyServerBuilder.forPort(0))
            .addService(new Echo())
            .intercept(new Guestbook())
            .build()
            .start();
    open.add(server::shutdownNow);
    return server.getPort();
  }

  private Call call(@Nullable ProcessIdentity identity, Role called, int port) {
    NetworkTransport transport = closed(new NetworkTransport(identity, meters));
    ManagedChannel channel =
        transport.to(new Node("one", called, "127.0.0.1", port, 0, "test", Map.of()));
    open.add(channel::shutdownNow);
    Call call = new Call();
    call.requests = SessionStoreGrpc.newStub(channel).connect(call);
    call.ask();
    return call;
  }

  @Test
  void call_routerAtAStore_isAnswered() throws Exception {
    int port = serve(identity(OURS, Role.SESSION_STORE));

    Call call = call(identity(OURS, Role.ROUTING_SERVICE), Role.SESSION_STORE, port);

    await().until(() -> call.answers.get() == 1);
    assertEquals(List.of(), said.lines());
  }

  @Test
  void call_gatewayAtAStore_isRefusedAndBothSaySo() throws Exception {
    int port = serve(identity(OURS, Role.SESSION_STORE));

    Call call = call(identity(OURS, Role.EDGE_GATEWAY), Role.SESSION_STORE, port);

    await().until(() -> call.failure.get() != null);
    said.awaitLine(
        "refuses a caller: a certificate of routing-service was expected, one of edge-gateway"
            + " (CN=one) came");
    said.awaitLine(
        "refused by session-store at 127.0.0.1:"
            + port
            + ", to which it shows a certificate of edge-gateway (CN=one)");
  }

  @Test
  void call_whatIsCalledIsSomethingElse_isRefusedByTheCaller() throws Exception {
    int port = serve(identity(OURS, Role.SESSION_STORE));

    Call call = call(identity(OURS, Role.ROUTING_SERVICE), Role.ROUTING_SERVICE, port);

    await().until(() -> call.failure.get() != null);
    said.awaitLine(
        "refuses what is at 127.0.0.1:"
            + port
            + ": a certificate of routing-service was expected, one of session-store (CN=one) came");
  }

  @Test
  void call_certificateOfAnotherAuthority_isRefused() throws Exception {
    int port = serve(identity(OURS, Role.SESSION_STORE));

    Call call = call(identity(THEIRS, Role.ROUTING_SERVICE), Role.SESSION_STORE, port);

    await().until(() -> call.failure.get() != null);
    said.awaitLine("one of session-store (CN=one) came; it is not good");
  }

  @Test
  void call_withoutTls_isRefusedAndBothSaySo() throws Exception {
    int port = serve(identity(OURS, Role.SESSION_STORE));

    Call call = call(null, Role.SESSION_STORE, port);

    await().until(() -> call.failure.get() != null);
    said.awaitLine(
        "refuses the caller at 127.0.0.1: a certificate of routing-service was expected, one"
            + " without TLS came");
    said.awaitLine(
        "session-store at 127.0.0.1:" + port + " closed the connection before it said a word");
  }

  @Test
  void call_tlsWhereNobodySpeaksIt_isRefusedAndBothSaySo() throws Exception {
    int port = serve(null);

    Call call = call(identity(OURS, Role.ROUTING_SERVICE), Role.SESSION_STORE, port);

    await().until(() -> call.failure.get() != null);
    said.awaitLine(
        "refuses the caller at 127.0.0.1: one without TLS was expected, one with TLS came");
    said.awaitLine(
        "refuses what is at 127.0.0.1:"
            + port
            + ": a certificate of session-store was expected, one without TLS came");
  }

  @Test
  void newCertificate_aLinkGoesOn_andTheNextShowsIt() throws Exception {
    int port = serve(identity(OURS, Role.SESSION_STORE));
    IdentityFolder files = files(OURS, Role.ROUTING_SERVICE);
    ProcessIdentity router = closed(files.as(Role.ROUTING_SERVICE));
    Call first = call(router, Role.SESSION_STORE, port);
    await().until(() -> first.answers.get() == 1);

    files.show(OURS.signUris("next", "vmqtt:role:routing-service"));
    IdentityFolder.look(router);
    Call second = call(router, Role.SESSION_STORE, port);

    await().until(() -> second.answers.get() == 1);
    first.ask();
    await().until(() -> first.answers.get() == 2);
    assertEquals(List.of("CN=one", "CN=next"), guests);
    assertEquals(List.of(), said.lines());
  }

  /** Somebody at another address, who begins a handshake and goes no further. */
  private Socket halfOpen(int port) throws IOException {
    Socket socket =
        closed(new Socket(InetAddress.ofLiteral(HERE), port, InetAddress.ofLiteral(ELSEWHERE), 0));
    socket.setSoTimeout((int) Doorstep.PATIENCE.toMillis());
    socket.getOutputStream().write(BEGINNING_OF_A_HANDSHAKE);
    return socket;
  }

  private static boolean isClosed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // reset
    }
  }

  private double underWay() {
    return meters.get("vmqtt.cluster.handshakes.under.way").gauge().value();
  }

  private double refused(String reason) {
    return meters.get("vmqtt.cluster.handshakes.refused").tag("reason", reason).counter().count();
  }

  @Test
  void call_whileHandshakesOfStrangersDoNotEnd_isAnsweredAndTheyAreSentAway() throws Exception {
    int port = serve(identity(OURS, Role.SESSION_STORE));
    Call first = call(identity(OURS, Role.ROUTING_SERVICE), Role.SESSION_STORE, port);
    await().until(() -> first.answers.get() == 1);
    List<Socket> strangers = new ArrayList<>();
    for (int i = 0; i < Doorstep.MOST_OF_A_SOURCE; i++) {
      strangers.add(halfOpen(port));
    }
    await().until(() -> underWay() == Doorstep.MOST_OF_A_SOURCE);

    strangers.add(halfOpen(port));
    assertTrue(isClosed(strangers.getFirst()));
    first.ask();
    Call second = call(identity(OURS, Role.ROUTING_SERVICE), Role.SESSION_STORE, port);

    await().until(() -> first.answers.get() == 2 && second.answers.get() == 1);
    assertEquals(1, refused("too-many"));
    said.awaitLine("refuses the caller at " + ELSEWHERE + ": too many callers have not shown");
    await().atMost(Doorstep.PATIENCE.multipliedBy(2)).until(() -> underWay() == 0);
    assertTrue(strangers.stream().allMatch(LinkTlsTest::isClosed));
    assertEquals(Doorstep.MOST_OF_A_SOURCE, refused("time-out"));
    said.awaitLine(
        "refuses the caller at "
            + ELSEWHERE
            + ": a certificate of routing-service was expected, none came within 10 s");
  }
}
