package io.vmqtt.testkit.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallbackExtended;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** The Eclipse Paho client, MQTT 3.1.1. */
final class PahoV3Client implements RecordingClient {
  private static final int MAX_IN_FLIGHT = 1_000;
  private static final long GOODBYE_MILLIS = 50;

  private final ClientSettings settings;
  private final Inbox inbox;
  private final Ending ending = new Ending();
  private final AtomicInteger connected = new AtomicInteger();
  private final MqttAsyncClient client;

  PahoV3Client(ClientSettings settings) {
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
  private final class Recorder implements MqttCallbackExtended {
    @Override
    public void connectComplete(boolean reconnect, String server) {
      ending.begin();
      connected.incrementAndGet();
    }

    @Override
    public void connectionLost(Throwable cause) {
      ending.ended(OptionalInt.empty());
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
    public void deliveryComplete(IMqttDeliveryToken token) {
      // The token's own listener is told, too.
    }
  }

  /** A call into the library that begins something. */
  private interface Call {
    void begin(IMqttActionListener listener) throws MqttException;
  }

  private static CompletableFuture<IMqttToken> begin(Call call) {
    CompletableFuture<IMqttToken> done = new CompletableFuture<>();
    try {
      call.begin(
          new IMqttActionListener() {
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
    MqttConnectOptions options = new MqttConnectOptions();
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setCleanSession(!settings.persistent());
    options.setKeepAliveInterval(settings.keepAliveSeconds());
    options.setMaxInflight(MAX_IN_FLIGHT);
    options.setAutomaticReconnect(settings.returnsByItself());
    options.setServerURIs(
        settings.brokers().stream().map(broker -> "tcp://" + broker).toArray(String[]::new));
    ClientSettings.Login login = settings.login();
    if (login != null) {
      options.setUserName(login.user());
      options.setPassword(login.password().toCharArray());
    }
    if (settings.sockets() != null) {
      options.setSocketFactory(settings.sockets());
    }
    LastWill will = settings.will();
    if (will != null) {
      options.setWill(
          will.topic(), will.payload().getBytes(ISO_8859_1), will.qos(), will.retained());
    }
    CompletableFuture<IMqttToken> answer =
        begin(listener -> client.connect(options, null, listener));
    return Answers.await(answer.exceptionallyCompose(PahoV3Client::refusal), "CONNACK")
        .getSessionPresent();
  }

  private static CompletableFuture<IMqttToken> refusal(Throwable failure) {
    if (failure instanceof MqttException refused
        && refused.getReasonCode() >= MqttException.REASON_CODE_INVALID_PROTOCOL_VERSION
        && refused.getReasonCode() <= MqttException.REASON_CODE_NOT_AUTHORIZED) {
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
    if (token.getGrantedQos()[0] > 2) {
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
    Answers.await(begin(listener -> client.disconnect(0, null, listener)), "the disconnection");
  }

  @Override
  public void close() {
    try {
      if (client.isConnected()) {
        client.disconnectForcibly(0, GOODBYE_MILLIS);
      }
      client.close(true);
    } catch (MqttException e) {
      throw new AssertionError("cannot close " + settings.clientId(), e);
    }
  }
}
