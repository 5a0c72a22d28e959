package io.vmqtt.gateway.access.scram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramKeysTest {
  private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

  /** "pencil" with the salt of RFC 7677, as PostgreSQL keeps it. */
  private static final String PENCIL =
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
          + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

  @Test
  void of_password_isWhatOthersKeepOfIt() {
    assertEquals(PENCIL, ScramKeys.of(ScramHash.SHA_256, bytes("pencil"), SALT, 4096).text());
    assertEquals(PENCIL, ScramKeys.read(PENCIL).text());
  }

  @Test
  void areOf_password_onlyThatOne() {
    ScramKeys keys = ScramKeys.read(PENCIL);

    assertTrue(keys.areOf(bytes("pencil")));
    assertFalse(keys.areOf(bytes("Pencil")));
    assertFalse(keys.areOf(new byte[0]));
    assertFalse(keys.areOf(new byte[] {(byte) 0xFF}));
    assertFalse(keys.areOf(bytes("\u00ad")), "of a soft hyphen alone nothing is left");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0007b", "\u00ad"})
  void of_passwordThatSaslForbids_isRefused(String password) {
    assertThrows(
        IllegalArgumentException.class,
        () -> ScramKeys.of(ScramHash.SHA_512, bytes(password), SALT, 4096));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SCRAM-SHA-256",
        "SCRAM-SHA-1$4096:W22ZaJ0SNY7soEsUEjb6gQ==$AAAA:AAAA",
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$AAAA:AAAA",
        "SCRAM-SHA-512$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
            + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
        "SCRAM-SHA-256$4096:?$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
            + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
        "SCRAM-SHA-256$4095:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
            + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
        "SCRAM-SHA-256$10000001:W22ZaJ0SNY7soEsUEjb6gQ==$"
            + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
            + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
      })
  void read_brokenOrTooCheapOrTooDear_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ScramKeys.read(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
