package io.vmqtt.testkit.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientConnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3ConnectBuilder;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAck;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import io.vmqtt.testkit.net.Address;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The HiveMQ client, MQTT 3.1.1. */
final class HivemqV3Client implements RecordingClient {
  private static final long RETURN_DELAY_MILLIS = 50;

  private final ClientSettings settings;
  private final Inbox inbox;
  private final Ending ending = new Ending();
  private final AtomicInteger connected = new AtomicInteger();
  private final Mqtt3AsyncClient client;
  private boolean listening;
  private volatile boolean leaving;

  HivemqV3Client(ClientSettings settings) {
    this.settings = settings;
    this.inbox = new Inbox(settings.clientId(), PATIENCE);
    Address first = settings.brokers().getFirst();
    Mqtt3ClientBuilder builder =
        Mqtt3Client.builder()
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
  }

  private void onDisconnected(MqttClientDisconnectedContext context) {
    ending.ended(OptionalInt.empty());
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
    Mqtt3ConnectBuilder.Send<CompletableFuture<Mqtt3ConnAck>> connect =
        client
            .connectWith()
            .cleanSession(!settings.persistent())
            .keepAlive(settings.keepAliveSeconds());
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
    return cause instanceof Mqtt3ConnAckException refusal
        ? new ConnectRefusedException(refusal.getMqttMessage().getReturnCode().getCode(), refusal)
        : cause;
  }

  private void onPublish(Mqtt3Publish publish) {
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
        .thenAccept(acknowledged -> {});
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
