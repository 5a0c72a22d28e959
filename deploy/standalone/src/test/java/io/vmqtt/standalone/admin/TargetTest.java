package io.vmqtt.standalone.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {
  private static final Target.Said NOTHING = new Target.Said(null, null, null, null, null);

  @TempDir private Path folder;
  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void keepProfile() throws Exception {
    variables.put("XDG_CONFIG_HOME", folder.toString());
    Files.createDirectories(folder.resolve("vmqtt"));
    Files.writeString(
        folder.resolve("vmqtt/plant.properties"),
        "url=https://plant:8094\nuser=paul\npassword-file=" + folder.resolve("paul") + "\n");
  }

  private static Target.Said said(@Nullable String profile, @Nullable String url) {
    return new Target.Said(profile, url, null, null, null);
  }

  private String complaint(Target.Said said) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Target.of(said, variables))
            .getMessage());
  }

  @Test
  void of_commandLineBeatsVariablesAndTheyBeatAProfile() {
    variables.put("VMQTT_ADMIN_USER", "anna");

    Target target = Target.of(said("plant", "http://here:1"), variables);

    assertEquals(URI.create("http://here:1"), target.url());
    assertEquals("anna", target.user());
    assertEquals(folder.resolve("paul"), target.passwordFile());
  }

  @Test
  void of_nothingButAPassword_isThisMachineAsAdmin() {
    variables.put("VMQTT_ADMIN_PASSWORD_FILE", "password");

    Target target = Target.of(NOTHING, variables);

    assertEquals(URI.create("http://127.0.0.1:8090"), target.url());
    assertEquals("admin", target.user());
  }

  @Test
  void of_whatCannotBe_isNamed() {
    assertTrue(complaint(NOTHING).contains("--password-file"));
    assertTrue(complaint(said("none", null)).startsWith("--profile: "));
    assertTrue(complaint(said("plant", "here:1")).startsWith("--url: 'here:1'"));
    assertTrue(complaint(said("plant", "ftp://here")).startsWith("--url: "));
  }

  @Test
  void password_isTheFirstLine() throws Exception {
    Target target = Target.of(said("plant", null), variables);
    assertThrows(IllegalArgumentException.class, target::password);
    Files.writeString(folder.resolve("paul"), "correct horse\nbattery\n");
    assertEquals("correct horse", target.password());
    Files.writeString(folder.resolve("paul"), "\n");
    assertThrows(IllegalArgumentException.class, target::password);
  }
}
