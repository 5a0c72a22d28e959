package io.vmqtt.testkit.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientConnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubRecException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.vmqtt.testkit.net.Address;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The HiveMQ client, MQTT 5. */
final class HivemqV5Client implements RecordingClient {
  private static final long SESSION_EXPIRY_SECONDS = 3_600;
  private static final long RETURN_DELAY_MILLIS = 50;

  private final ClientSettings settings;
  private final Inbox inbox;
  private final Ending ending = new Ending();
  private final AtomicInteger connected = new AtomicInteger();
  private final Mqtt5AsyncClient client;
  private boolean listening;
  private volatile boolean leaving;
  private volatile Consumer<String> connectionListener = event -> {};

  HivemqV5Client(ClientSettings settings) {
    this.settings = settings;
    this.inbox = new Inbox(settings.clientId(), PATIENCE);
    Address first = settings.brokers().getFirst();
    Mqtt5ClientBuilder builder =
        Mqtt5Client.builder()
            .identifier(settings.clientId())
            .serverHost(first.host())
            .serverPort(first.port())
            .addConnectedListener(this::onConnected)
            .addDisconnectedListener(this::onDisconnected);
    ClientSettings.Login login = settings.login();
    if (login != null) {
      // One that comes back by itself forgets what only its first CONNECT was told.
      builder =
          builder
              .simpleAuth()
              .username(login.user())
              .password(login.password().getBytes(ISO_8859_1))
              .applySimpleAuth();
    }
    this.client = builder.buildAsync();
  }

  private void onConnected(MqttClientConnectedContext context) {
    ending.begin();
    connected.incrementAndGet();
    connectionListener.accept("has its CONNACK");
  }

  @Override
  public void onConnection(Consumer<String> listener) {
    connectionListener = listener;
  }

  private void onDisconnected(MqttClientDisconnectedContext context) {
    connectionListener.accept("is not connected: " + context.getCause().getMessage());
    if (context.getCause() instanceof Mqtt5DisconnectException said
        && context.getSource() == MqttDisconnectSource.SERVER) {
      ending.ended(OptionalInt.of(said.getMqttMessage().getReasonCode().getCode()));
    } else {
      ending.ended(OptionalInt.empty());
    }
    if (settings.returnsByItself() && !leaving) {
      int attempt = context.getReconnector().getAttempts() + connected.get();
      Address next = settings.brokers().get(attempt % settings.brokers().size());
      context
          .getReconnector()
          .reconnect(true)
          .delay(RETURN_DELAY_MILLIS, TimeUnit.MILLISECONDS)
          .transportConfig(
              MqttClientTransportConfig.builder().serverAddress(next.toSocketAddress()).build());
    }
  }

  @Override
  public boolean connect() {
    leaving = false;
    Answers.awaitDisconnected(client::getState);
    if (!listening || !settings.persistent()) {
      client.publishes(MqttGlobalPublishFilter.ALL, this::onPublish);
      listening = true;
    }
    Mqtt5ConnectBuilder.Send<CompletableFuture<Mqtt5ConnAck>> connect =
        client
            .connectWith()
            .cleanStart(!settings.persistent())
            .sessionExpiryInterval(settings.persistent() ? SESSION_EXPIRY_SECONDS : 0)
            .keepAlive(settings.keepAliveSeconds());
    if (settings.receiveMaximum() > 0) {
      connect =
          connect.restrictions().receiveMaximum(settings.receiveMaximum()).applyRestrictions();
    }
    LastWill will = settings.will();
    if (will != null) {
      connect =
          connect
              .willPublish()
              .topic(will.topic())
              .payload(will.payload().getBytes(ISO_8859_1))
              .qos(qos(will.qos()))
              .retain(will.retained())
              .applyWillPublish();
    }
    return Answers.await(
            connect
                .send()
                .exceptionallyCompose(
                    failure -> CompletableFuture.failedFuture(refusalOr(failure))),
            "CONNACK")
        .isSessionPresent();
  }

  private static Throwable refusalOr(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return cause instanceof Mqtt5ConnAckException refusal
        ? new ConnectRefusedException(refusal.getMqttMessage().getReasonCode().getCode(), refusal)
        : cause;
  }

  private void onPublish(Mqtt5Publish publish) {
    inbox.add(
        new Receipt(
            publish.getTopic().toString(),
            new String(publish.getPayloadAsBytes(), ISO_8859_1),
            publish.getQos().getCode(),
            publish.isRetain(),
            false));
  }

  @Override
  public void subscribe(String filter, int qos) {
    Answers.await(
        client.subscribeWith().topicFilter(filter).qos(qos(qos)).send(), "SUBACK of " + filter);
  }

  @Override
  public void unsubscribe(String filter) {
    Answers.await(client.unsubscribeWith().topicFilter(filter).send(), "UNSUBACK of " + filter);
  }

  @Override
  public CompletableFuture<Void> publishAsync(
      String topic, String payload, int qos, boolean retained) {
    return client
        .publishWith()
        .topic(topic)
        .payload(payload.getBytes(ISO_8859_1))
        .qos(qos(qos))
        .retain(retained)
        .send()
        .thenCompose(
            result ->
                result
                    .getError()
                    .<CompletableFuture<Void>>map(CompletableFuture::failedFuture)
                    .orElseGet(() -> CompletableFuture.completedFuture(null)))
        .exceptionallyCompose(problem -> CompletableFuture.failedFuture(publishRefusalOr(problem)));
  }

  /** The library gives an error code in its result or as a failure, as it happens. */
  private static Throwable publishRefusalOr(Throwable failure) {
    return switch (failure) {
      case CompletionException wrapped when wrapped.getCause() != null ->
          publishRefusalOr(wrapped.getCause());
      case Mqtt5PubAckException one ->
          new PublishRefusedException(one.getMqttMessage().getReasonCode().getCode(), one);
      case Mqtt5PubRecException two ->
          new PublishRefusedException(two.getMqttMessage().getReasonCode().getCode(), two);
      default -> failure;
    };
  }

  private static MqttQos qos(int qos) {
    return Objects.requireNonNull(MqttQos.fromCode(qos));
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
    leaving = true;
    Answers.await(client.disconnect(), "the disconnection");
  }

  @Override
  public void close() {
    leaving = true;
    if (client.getState().isConnectedOrReconnect()) {
      client.disconnect().exceptionally(alreadyGone -> null);
    }
  }
}
