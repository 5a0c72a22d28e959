package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientSslConfigBuilder;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.servers.HaproxyProcess;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A listener behind HAProxy, which ends TLS and says whose certificates it has seen. */
class ProxiedCertificatesIT {
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Address PROXIED = Address.local(FreePorts.next());

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--listeners",
          "proxied=%s proxy-protocol-from=127.0.0.0/8 proxy-certificate-users=true client-ids=%%u"
              .formatted(PROXIED));

  private final Address front = Address.local(FreePorts.next());
  private @Nullable HaproxyProcess proxy;
  @TempDir private Path folder;

  @BeforeEach
  void startProxy() throws IOException {
    Signed server = AUTHORITY.sign("proxy");
    String pem =
        Files.readString(server.certificateTo(folder.resolve("certificate")))
            + Files.readString(server.keyTo(folder.resolve("key")));
    proxy =
        HaproxyProcess.start(
            folder,
            """
            frontend mqtts
              bind %s ssl crt %s ca-file %s verify optional
              default_backend gateways
            backend gateways
              server gateway %s send-proxy-v2-ssl-cn
            """
                .formatted(
                    front,
                    Files.writeString(folder.resolve("proxy.pem"), pem),
                    AUTHORITY.certificateTo(folder.resolve("ca.pem")),
                    PROXIED),
            front);
  }

  @AfterEach
  void stopProxy() {
    HaproxyProcess started = proxy;
    if (started != null) {
      started.close();
    }
  }

  @Test
  void certificate_thatTheProxyFoundGood_namesTheUser() {
    Mqtt5BlockingClient pump = client("pump-7", AUTHORITY.sign("pump-7"));

    assertEquals(Mqtt5ConnAckReasonCode.SUCCESS, pump.connect().getReasonCode());

    pump.publishWith().topic("t").qos(MqttQos.AT_LEAST_ONCE).send();
    pump.disconnect();
  }

  @Test
  void certificate_ofAnotherUser_doesNotDo() {
    assertEquals(
        Mqtt5ConnAckReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
        refusal(client("pump-7", AUTHORITY.sign("pump-8"))));
  }

  @Test
  void certificate_none_isRefused() {
    assertEquals(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED, refusal(client("pump-7", null)));
  }

  private static Mqtt5ConnAckReasonCode refusal(Mqtt5BlockingClient client) {
    return assertThrows(Mqtt5ConnAckException.class, client::connect)
        .getMqttMessage()
        .getReasonCode();
  }

  private Mqtt5BlockingClient client(String clientId, @Nullable Signed own) {
    MqttClientSslConfigBuilder tls =
        MqttClientSslConfig.builder().trustManagerFactory(AUTHORITY.trust());
    return Mqtt5Client.builder()
        .identifier(clientId)
        .serverHost("localhost")
        .serverPort(front.port())
        .sslConfig(
            own == null ? tls.build() : tls.keyManagerFactory(TestAuthority.keys(own)).build())
        .buildBlocking();
  }
}
