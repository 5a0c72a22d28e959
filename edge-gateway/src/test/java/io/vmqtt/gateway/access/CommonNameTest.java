package io.vmqtt.gateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommonNameTest {

  @ParameterizedTest
  @CsvSource({
    "'CN=device-1,O=Plant', device-1",
    "'O=Plant,cn=a\\, b', 'a, b'",
    "'O=Plant', ",
    "'CN=a,CN=b', ",
    "'CN=#0401ff', ",
    "'not a name', ",
  })
  void of_distinguishedName_isTheOneInIt(String distinguishedName, String name) {
    assertEquals(name, CommonName.of(distinguishedName));
  }
}
