package io.vmqtt.gateway.quic;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Which addresses of a client are remembered when there are many. */
class WhereaboutsTest {
  private final Destinations destinations = new Destinations();
  private final Whereabouts whereabouts = new Whereabouts();

  private static InetSocketAddress address(int number) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
  }

  private void proved(int number) {
    whereabouts.proved(address(number), destinations);
  }

  private boolean isProven(int number) {
    return destinations.mayGo(address(number), 1);
  }

  @Test
  void proved_more_forgetsTheOldestButNotWhereTheClientIs() {
    whereabouts.moved(address(1));
    for (int i = 1; i <= Whereabouts.MOST + 1; i++) {
      proved(i);
    }

    assertTrue(isProven(1));
    assertFalse(isProven(2));
    assertTrue(isProven(Whereabouts.MOST + 1));
  }

  @Test
  void moved_backToWhereItWas_isTheLatestAgain() {
    for (int i = 1; i <= Whereabouts.MOST; i++) {
      proved(i);
    }
    whereabouts.moved(address(1));
    proved(2);
    whereabouts.moved(address(Whereabouts.MOST + 1));
    proved(Whereabouts.MOST + 1);

    assertTrue(isProven(1));
    assertTrue(isProven(2));
    assertFalse(isProven(3));
  }

  @Test
  void forgetAll_nothingIsProven() {
    whereabouts.moved(address(1));
    proved(1);
    proved(1);

    whereabouts.forgetAll(destinations);

    assertFalse(isProven(1));
  }
}
