package io.vmqtt.example.keys;

import io.vmqtt.extension.ClientAccess;
import io.vmqtt.extension.Extension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Devices with a key each, in a file: {@code --extension device-keys,file=/etc/vmqtt/devices}. A
 * line is {@code CLIENT-ID KEY}; the key is the password, and needs no user name.
 */
public final class DeviceKeys implements Extension {

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public String name() {
    return "device-keys";
  }

  @Override
  public ClientAccess open(Map<String, String> settings) throws IOException {
    String file = settings.get("file");
    if (file == null || settings.size() > 1) {
      throw new IllegalArgumentException("it needs file=FILE, and nothing else");
    }
    return new KeyedDevices(read(Path.of(file)));
  }

  private static Map<String, String> read(Path file) throws IOException {
    Map<String, String> keys = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length == 2) {
        keys.put(words[0], words[1]);
      } else if (!line.isBlank()) {
        throw new IOException(file + ": a line is CLIENT-ID KEY");
      }
    }
    return keys;
  }
}
