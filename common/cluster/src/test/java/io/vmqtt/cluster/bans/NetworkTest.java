package io.vmqtt.cluster.bans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.128/25, 10.1.2.128, true",
    "10.1.2.128/25, 10.1.2.127, false",
    "203.0.113.7, 203.0.113.7, true",
    "203.0.113.7, 203.0.113.6, false",
    "0.0.0.0/0, 203.0.113.7, true",
    "0.0.0.0/0, ::1, false",
    "fd00::/8, fdff::1, true",
    "fd00::/8, fe80::1, false",
    "2001:db8:0:1::/64, 2001:db8:0:1:ffff::, true",
    "2001:db8:0:1::/64, 2001:db8:0:2::, false",
    "::/0, 203.0.113.7, false",
    "203.0.113.0/24, ::ffff:203.0.113.7, true"
  })
  void contains_addressesThatBeginAlike(String network, String address, boolean contained) {
    assertEquals(contained, Network.of(network).contains(InetAddress.ofLiteral(address)));
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.7",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64",
    "fe80::1%1, fe80:0:0:0:0:0:0:0/64"
  })
  void source_ofAnAddress_isAllThatItsOwnerHas(String address, String source) {
    assertEquals(source, Network.source(InetAddress.ofLiteral(address)).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/8", "203.0.113.7", "fd00:0:0:0:0:0:0:0/8", "0:0:0:0:0:0:0:1"})
  void text_isReadAgain(String text) {
    assertEquals(text, Network.of(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/8/8",
        "a.example",
        "1.2.3",
        "fd00::/129",
        "10.0.0.0/ 8"
      })
  void of_whatIsNoNetwork_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Network.of(text));
  }

  @Test
  void of_addressWithinANetwork_saysWhereThatBegins() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Network.of("10.1.2.3/8"));

    assertEquals("10.1.2.3/8 begins with 10.0.0.0", refused.getMessage());
  }
}
