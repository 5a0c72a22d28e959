package io.vmqtt.testkit.client;

import io.vmqtt.testkit.net.Address;
import java.util.List;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * How a client connects.
 *
 * @param brokers where to; with more than one, the client returns by itself after a loss, to the
 *     next in the list, and to the first after the last
 * @param persistent whether its session outlives the connection; an MQTT 5 client then asks for an
 *     hour and for the session that is there
 * @param receiveMaximum how many unacknowledged deliveries it wants at most (MQTT 5); 0: the
 *     default
 * @param login what it says of itself; null: nothing
 * @param sockets what makes its sockets; null: those of TCP
 */
public record ClientSettings(
    List<Address> brokers,
    String clientId,
    boolean persistent,
    int keepAliveSeconds,
    int receiveMaximum,
    @Nullable LastWill will,
    @Nullable Login login,
    @Nullable SocketFactory sockets) {
  private static final int KEEP_ALIVE_SECONDS = 30;

  /** A client whose session ends with its connection. */
  public static ClientSettings of(Address broker, String clientId) {
    return new ClientSettings(
        List.of(broker), clientId, false, KEEP_ALIVE_SECONDS, 0, null, null, null);
  }

  public ClientSettings withPersistentSession() {
    return new ClientSettings(
        brokers, clientId, true, keepAliveSeconds, receiveMaximum, will, login, sockets);
  }

  public ClientSettings withWill(LastWill newWill) {
    return new ClientSettings(
        brokers, clientId, persistent, keepAliveSeconds, receiveMaximum, newWill, login, sockets);
  }

  public ClientSettings withReceiveMaximum(int newReceiveMaximum) {
    return new ClientSettings(
        brokers, clientId, persistent, keepAliveSeconds, newReceiveMaximum, will, login, sockets);
  }

  /** The same client, which now also knows where to go when its broker is lost. */
  public ClientSettings returningTo(List<Address> allBrokers) {
    return new ClientSettings(
        allBrokers, clientId, persistent, keepAliveSeconds, receiveMaximum, will, login, sockets);
  }

  /** A user and his password. */
  public record Login(String user, String password) {}

  public ClientSettings withLogin(Login newLogin) {
    return new ClientSettings(
        brokers, clientId, persistent, keepAliveSeconds, receiveMaximum, will, newLogin, sockets);
  }

  /** The same over other sockets than those of TCP; only Paho's clients can. */
  public ClientSettings over(SocketFactory newSockets) {
    return new ClientSettings(
        brokers, clientId, persistent, keepAliveSeconds, receiveMaximum, will, login, newSockets);
  }

  boolean returnsByItself() {
    return brokers.size() > 1;
  }
}
