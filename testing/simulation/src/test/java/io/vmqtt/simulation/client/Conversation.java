package io.vmqtt.simulation.client;

import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.connection.AuthenticationData;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.gateway.connection.ClientOutput;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.connection.Entrance;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.connection.ProtocolViolation;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.ScopedName;
import io.vmqtt.simulation.cluster.GatewayHost;
import io.vmqtt.simulation.cluster.Parcel;
import io.vmqtt.simulation.world.Pipe;
import io.vmqtt.simulation.world.SimulatedProcess;
import java.util.List;
import java.util.function.Consumer;

/**
 * One network connection between a client and a gateway: packets are calls that take their time.
 */
final class Conversation implements ClientOutput {
  private final GatewayHost host;
  private final Scene scene;
  private final Pipe there;
  private final Pipe back;
  private final Lane lane;
  private final Connection connection;
  private final Runnable whenKilled = this::gatewayIsGone;
  private final PacketReceiver client;
  private boolean over;

  private Conversation(
      GatewayHost host,
      SimulatedProcess gateway,
      Scene scene,
      SimulatedProcess self,
      PacketReceiver client) {
    this.host = host;
    this.scene = scene;
    this.there = scene.network().pipe(self.host(), gateway);
    this.back = scene.network().pipe(host.name(), self);
    this.client = client;
    this.lane = host.accept(whenKilled);
    Entrance entrance = new Entrance(scene.namespace(), Limits.DEFAULT, new OpenAccess());
    this.connection = new Connection(entrance, () -> Caller.UNKNOWN, this, lane, scene.random());
  }

  /**
   * Connects.
   *
   * @throws IllegalStateException if nobody is there
   */
  static Conversation open(
      GatewayHost host, Scene scene, SimulatedProcess self, PacketReceiver client) {
    SimulatedProcess gateway = host.process();
    if (gateway == null) {
      throw new IllegalStateException(host.name() + " is down");
    }
    return new Conversation(host, gateway, scene, self, client);
  }

  /** Sends a packet. */
  void send(Consumer<Connection> packet) {
    if (!over) {
      there.send(() -> lane.execute(() -> handle(packet)));
    }
  }

  private void handle(Consumer<Connection> packet) {
    if (connection.isClosed()) {
      return;
    }
    try {
      packet.accept(connection);
    } catch (ProtocolViolation violation) {
      connection.end(violation.reason());
    }
  }

  /** The client hears nothing of it any more; the gateway does not know yet. */
  void abandon() {
    over = true;
  }

  /** The gateway finds out that the client is gone. */
  void noticed() {
    there.send(
        () ->
            lane.execute(
                () -> {
                  host.forget(whenKilled);
                  connection.connectionLost();
                }));
  }

  private void gatewayIsGone() {
    back.send(this::tellOver);
  }

  private void tellOver() {
    if (!over) {
      over = true;
      client.connectionEnded();
    }
  }

  private void toClient(Runnable packet) {
    back.send(
        () -> {
          if (!over) {
            packet.run();
          }
        });
  }

  @Override
  public boolean fits(ConnectAccepted accepted) {
    return true;
  }

  @Override
  public void connAck(ConnectAccepted accepted) {
    toClient(() -> client.connAck(accepted.sessionPresent()));
  }

  @Override
  public boolean auth(ReasonCode reason, AuthenticationData data, long maximumPacketBytes) {
    throw new IllegalStateException("no client here names an authentication method");
  }

  @Override
  public void refuseConnect(ProtocolVersion version, ReasonCode reason) {
    close();
  }

  @Override
  public void publish(Outgoing message, int packetId, boolean dup, Delivery delivery) {
    Message content = ((Parcel) message).message();
    Namespace origin = ScopedName.namespace(content.topic());
    if (!origin.equals(scene.namespace())) {
      scene.fail("a client of " + scene.namespace() + " gets a message of " + origin);
    }
    toClient(() -> client.publish(content, packetId, dup, delivery));
  }

  @Override
  public void pubAck(int packetId, ReasonCode reason) {
    toClient(() -> client.pubAck(packetId, reason.isError()));
  }

  @Override
  public void pubRec(int packetId, ReasonCode reason) {
    toClient(() -> client.pubRec(packetId, reason.isError()));
  }

  @Override
  public void pubRel(int packetId, ReasonCode reason) {
    toClient(() -> client.pubRel(packetId));
  }

  @Override
  public void pubComp(int packetId, ReasonCode reason) {
    toClient(() -> client.pubComp(packetId));
  }

  @Override
  public void subAck(int packetId, List<ReasonCode> reasons) {
    toClient(() -> client.subAck(packetId));
  }

  @Override
  public void unsubAck(int packetId, List<ReasonCode> reasons) {
    throw new UnsupportedOperationException("no client here unsubscribes");
  }

  @Override
  public void pingResp() {
    toClient(client::pingResp);
  }

  @Override
  public void disconnect(ReasonCode reason) {
    close();
  }

  @Override
  public void close() {
    host.forget(whenKilled);
    back.send(this::tellOver);
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public boolean isToBeSpared() {
    return false;
  }

  @Override
  public void setReading(boolean reading) {}
}
