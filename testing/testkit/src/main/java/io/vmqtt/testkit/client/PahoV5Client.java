package io.vmqtt.testkit.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** The Eclipse Paho client, MQTT 5. */
final class PahoV5Client implements RecordingClient {
  private static final long SESSION_EXPIRY_SECONDS = 3_600;
  private static final long GOODBYE_MILLIS = 50;
  private static final int FIRST_FAILURE = 0x80;
  private static final int LAST_FAILURE = 0xA2;

  private final ClientSettings settings;
  private final Inbox inbox;
  private final Ending ending = new Ending();
  private final AtomicInteger connected = new AtomicInteger();
  private final MqttAsyncClient client;

  PahoV5Client(ClientSettings settings) {
    this.settings = settings;
    this.inbox = new Inbox(settings.clientId(), PATIENCE);
    try {
      this.client =
          new MqttAsyncClient(
              "tcp://" + settings.brokers().getFirst(),
              settings.clientId(),
              new MemoryPersistence());
    } catch (MqttException e) {
      throw new IllegalArgumentException("no client for " + settings, e);
    }
    client.setCallback(new Recorder());
  }

  /** Hears what the library has to tell. */
  private final class Recorder implements MqttCallback {
    @Override
    public void connectComplete(boolean reconnect, String server) {
      ending.begin();
      connected.incrementAndGet();
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      int reasonCode = response.getReturnCode();
      ending.ended(
          reasonCode >= FIRST_FAILURE && reasonCode <= LAST_FAILURE
              ? OptionalInt.of(reasonCode)
              : OptionalInt.empty());
    }

    @Override
    public void mqttErrorOccurred(MqttException failure) {
      // What it is about fails on its own.
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      inbox.add(
          new Receipt(
              topic,
              new String(message.getPayload(), ISO_8859_1),
              message.getQos(),
              message.isRetained(),
              message.isDuplicate()));
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      // The token's own listener is told, too.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
      // No test authenticates in several steps.
    }
  }

  /** A call into the library that begins something. */
  private interface Call {
    void begin(MqttActionListener listener) throws MqttException;
  }

  private static CompletableFuture<IMqttToken> begin(Call call) {
    CompletableFuture<IMqttToken> done = new CompletableFuture<>();
    try {
      call.begin(
          new MqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
              done.complete(token);
            }

            @Override
            public void onFailure(IMqttToken token, Throwable cause) {
              done.completeExceptionally(cause);
            }
          });
    } catch (MqttException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  @Override
  public boolean connect() {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(!settings.persistent());
    options.setSessionExpiryInterval(settings.persistent() ? SESSION_EXPIRY_SECONDS : 0);
    options.setKeepAliveInterval(settings.keepAliveSeconds());
    options.setAutomaticReconnect(settings.returnsByItself());
    options.setServerURIs(
        settings.brokers().stream().map(broker -> "tcp://" + broker).toArray(String[]::new));
    if (settings.receiveMaximum() > 0) {
      options.setReceiveMaximum(settings.receiveMaximum());
    }
    ClientSettings.Login login = settings.login();
    if (login != null) {
      options.setUserName(login.user());
      options.setPassword(login.password().getBytes(ISO_8859_1));
    }
    if (settings.sockets() != null) {
      options.setSocketFactory(settings.sockets());
    }
    LastWill will = settings.will();
    if (will != null) {
      options.setWill(
          will.topic(),
          new MqttMessage(will.payload().getBytes(ISO_8859_1), will.qos(), will.retained(), null));
    }
    CompletableFuture<IMqttToken> answer =
        begin(listener -> client.connect(options, null, listener));
    return Answers.await(answer.exceptionallyCompose(PahoV5Client::refusal), "CONNACK")
        .getSessionPresent();
  }

  private static CompletableFuture<IMqttToken> refusal(Throwable failure) {
    if (failure instanceof MqttException refused
        && refused.getReasonCode() >= FIRST_FAILURE
        && refused.getReasonCode() <= LAST_FAILURE) {
      return CompletableFuture.failedFuture(
          new ConnectRefusedException(refused.getReasonCode(), refused));
    }
    return CompletableFuture.failedFuture(failure);
  }

  @Override
  public void subscribe(String filter, int qos) {
    IMqttToken token =
        Answers.await(
            begin(listener -> client.subscribe(filter, qos, null, listener)),
            "SUBACK of " + filter);
    if (token.getReasonCodes()[0] >= FIRST_FAILURE) {
      throw new AssertionError("subscription to " + filter + " refused");
    }
  }

  @Override
  public void unsubscribe(String filter) {
    Answers.await(
        begin(listener -> client.unsubscribe(filter, null, listener)), "UNSUBACK of " + filter);
  }

  @Override
  public CompletableFuture<Void> publishAsync(
      String topic, String payload, int qos, boolean retained) {
    byte[] bytes = payload.getBytes(ISO_8859_1);
    return begin(listener -> client.publish(topic, bytes, qos, retained, null, listener))
        .thenAccept(acknowledged -> {});
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public OptionalInt awaitDisconnected() {
    return ending.await();
  }

  @Override
  public boolean hasLostConnection() {
    return ending.hasEnded();
  }

  @Override
  public int connections() {
    return connected.get();
  }

  @Override
  public void disconnect() {
    Answers.await(
        begin(listener -> client.disconnect(0, null, listener, 0, new MqttProperties())),
        "the disconnection");
  }

  @Override
  public void close() {
    try {
      if (client.isConnected()) {
        client.disconnectForcibly(0, GOODBYE_MILLIS, 0, new MqttProperties());
      }
      client.close(true);
    } catch (MqttException e) {
      throw new AssertionError("cannot close " + settings.clientId(), e);
    }
  }
}
