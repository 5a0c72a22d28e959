package io.vmqtt.gateway.access.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.access.outside.Template.Variable;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.tls.TestAuthority;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final Credentials ALL =
      new Credentials(
          Namespace.of("plant"),
          "c-1",
          "anna",
          new Password("grün".getBytes(StandardCharsets.UTF_8)),
          new InetSocketAddress("10.0.0.7", 4000),
          new TestAuthority("devices").sign("pump").certificate());
  private static final Credentials NOTHING =
      new Credentials(Namespace.NAMELESS, "c-1", null, null, null, null);

  @Test
  void fill_everyVariable_isWhatIsKnownOfTheClient() {
    assertEquals(
        "anna c-1 grün 10.0.0.7 pump plant", fill("%u %c %p %a %s %n", ALL, Variable.values()));
    assertEquals("100% u", fill("100%% u", ALL));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%u", "%p", "%a", "%s", "%c is %u"})
  void fill_clientLacksOne_isNothing(String text) {
    assertNull(fill(text, NOTHING, Variable.values()));
    assertEquals("c-1 in ", fill("%c in %n", NOTHING, Variable.values()));
  }

  @Test
  void fill_passwordIsNoText_isNothing() {
    assertNull(
        fill(
            "%p",
            new Credentials(
                Namespace.NAMELESS, "c", "u", new Password(new byte[] {(byte) 0xff}), null, null),
            Variable.PASSWORD));
  }

  @Test
  void fill_valueLooksLikeAVariable_isNotLookedAtAgain() {
    Credentials sly = new Credentials(Namespace.NAMELESS, "%u%%", "%c", null, null, null);

    assertEquals("%c-%u%%", fill("%u-%c", sly, Variable.USER_NAME, Variable.CLIENT_ID));
  }

  @Test
  void fill_values_areEscapedAndTheRestIsNot() {
    assertEquals(
        "x<ANNA>",
        Template.read("x<%u>", Variable.USER_NAME)
            .fill(ALL, name -> name.toUpperCase(Locale.ROOT)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "a%", "%x", "%p", "%%%"})
  void read_otherLetterBehindASign_isRefused(String text) {
    assertThrows(
        IllegalArgumentException.class,
        () -> Template.read(text, Variable.USER_NAME, Variable.CLIENT_ID));
  }

  private static @Nullable String fill(String text, Credentials client, Variable... allowed) {
    return Template.read(text, allowed).fill(client, UnaryOperator.identity());
  }
}
