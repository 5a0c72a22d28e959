package io.vmqtt.example.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.extension.ClientAccess;
import io.vmqtt.extension.Newcomer;
import io.vmqtt.extension.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceKeysTest {
  @TempDir private Path folder;

  @Test
  void authenticate_deviceWithItsKey_isLetInAndOthersAreNot() throws Exception {
    try (ClientAccess devices = open("pump-7 k7\n\npump-8 k8\n")) {
      assertEquals(Verdict.allowed(null), devices.authenticate(newcomer("pump-7", "k7")));
      assertEquals(Verdict.refused(), devices.authenticate(newcomer("pump-7", "k8")));
      assertEquals(Verdict.refused(), devices.authenticate(newcomer("pump-7", null)));
      assertEquals(Verdict.unknown(), devices.authenticate(newcomer("pump-9", "k7")));
    }
  }

  @Test
  void open_settingsOrFileCannotBe_saysWhatItNeeds() {
    assertThrows(IllegalArgumentException.class, () -> new DeviceKeys().open(Map.of()));
    assertThrows(IOException.class, () -> open("pump-7\n"));
  }

  private ClientAccess open(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("devices"), text);
    return new DeviceKeys().open(Map.of("file", file.toString()));
  }

  private static Newcomer newcomer(String clientId, @Nullable String password) {
    return new Newcomer(
        "",
        clientId,
        null,
        password == null ? null : password.getBytes(StandardCharsets.UTF_8),
        null,
        null);
  }
}
