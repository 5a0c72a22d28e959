package io.vmqtt.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.model.Namespace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerConfigTest {

  @Test
  void listeners_noOthers_oneWithTheSettingsOfTheGateway() {
    GatewayConfig config = GatewayConfig.onPort(1883);

    assertEquals(
        List.of(
            new ListenerConfig(
                "default", "127.0.0.1", 1883, Namespace.NAMELESS, config.limits(), 0)),
        config.listeners());
    assertTrue(config.listeners().getFirst().isDefault());
  }

  @Test
  void listeners_others_comeBehindTheDefault() {
    assertEquals(
        List.of("default", "a", "b"),
        config(listener("a"), listener("b")).listeners().stream()
            .map(ListenerConfig::name)
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "a"})
  void config_nameTakenTwice_refusedNamingIt(String name) {
    assertEquals(
        "vmqtt.gateway.listeners: two listeners are named '" + name + "'",
        assertThrows(IllegalArgumentException.class, () -> config(listener("a"), listener(name)))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Tenant", "a b", "a.b"})
  void listener_nameThatIsNone_refusedNamingIt(String name) {
    assertEquals(
        "a listener's name has 1 to 64 characters of a-z0-9-_, not '" + name + "'",
        assertThrows(IllegalArgumentException.class, () -> listener(name)).getMessage());
  }

  /**
   * What Consul is told of a process is bounded, and a gateway that it does not take is not found.
   */
  @Test
  void listeners_moreThanConsulTakes_refused() {
    ListenerConfig[] others =
        IntStream.range(0, 49).mapToObj(i -> listener("l" + i)).toArray(ListenerConfig[]::new);

    assertEquals(49, config(Arrays.copyOf(others, 48)).listeners().size());
    assertEquals(
        "vmqtt.gateway.listeners: more than 48 further listeners",
        assertThrows(IllegalArgumentException.class, () -> config(others)).getMessage());
  }

  private static ListenerConfig listener(String name) {
    return new ListenerConfig(name, "127.0.0.1", 0, Namespace.NAMELESS, Limits.DEFAULT, 0);
  }

  private static GatewayConfig config(ListenerConfig... others) {
    return new GatewayConfig(
        "127.0.0.1",
        0,
        1,
        Limits.DEFAULT,
        100,
        100,
        1 << 20,
        1 << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(3),
        LogConfig.NONE,
        AccessMethods.NONE,
        List.of(others));
  }
}
