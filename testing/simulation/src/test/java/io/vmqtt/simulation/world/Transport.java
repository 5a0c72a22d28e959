package io.vmqtt.simulation.world;

import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.wire.Channels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** gRPC over a simulated network: streams of messages that pass as references. */
public final class Transport {
  private final Network network;
  private final Map<String, Server> servers = new HashMap<>();
  private final Set<Call<?, ?>> calls = new LinkedHashSet<>();
  private Tap tap = Tap.NONE;

  private record Server(SimulatedProcess process, BindableService service) {}

  public Transport(Network network) {
    this.network = network;
  }

  /** Has somebody hear what is sent from now on. */
  public void tap(Tap newTap) {
    tap = newTap;
  }

  void sent(Object message) {
    tap.sent((Message) message);
  }

  /** From now on the node is served by that process. */
  public void serve(String nodeId, SimulatedProcess process, BindableService service) {
    servers.put(nodeId, new Server(process, service));
  }

  /** Ends every stream of a process that was killed: the other ends hear of it. */
  public void killed(SimulatedProcess process) {
    List<Call<?, ?>> broken = new ArrayList<>();
    for (Call<?, ?> call : calls) {
      if (call.ends(process)) {
        broken.add(call);
      }
    }
    broken.forEach(Call::reset);
  }

  /** How a process reaches nodes. */
  public Channels channels(SimulatedProcess client) {
    return node -> new Channel(client, node);
  }

  void ended(Call<?, ?> call) {
    calls.remove(call);
  }

  private final class Channel extends ManagedChannel {
    private final SimulatedProcess client;
    private final Node node;

    Channel(SimulatedProcess client, Node node) {
      this.client = client;
      this.node = node;
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
      Server server = servers.get(node.id());
      Pipe back = network.pipe(node.host(), client);
      if (server == null || server.process.isDead()) {
        return new Call<>(Transport.this, client, null, back, null, method, null);
      }
      Pipe there = network.pipe(client.host(), server.process);
      Call<Q, R> call =
          new Call<>(
              Transport.this,
              client,
              server.process,
              back,
              there,
              method,
              definition(server, method));
      calls.add(call);
      return call;
    }

    @SuppressWarnings("unchecked") // the method of that name has these messages
    private <Q, R> @Nullable ServerMethodDefinition<Q, R> definition(
        Server server, MethodDescriptor<Q, R> method) {
      return (ServerMethodDefinition<Q, R>)
          server.service.bindService().getMethod(method.getFullMethodName());
    }

    @Override
    public String authority() {
      return node.id();
    }

    @Override
    public ManagedChannel shutdown() {
      return this;
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public ManagedChannel shutdownNow() {
      return this;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
