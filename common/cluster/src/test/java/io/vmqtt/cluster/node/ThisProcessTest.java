package io.vmqtt.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.cluster.option.OptionValues;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThisProcessTest {

  /** What can be found out of it may be less when a name server is away. */
  @Test
  void host_askedAgain_isFoundOnce() {
    AtomicInteger searches = new AtomicInteger();
    OptionValues options =
        option ->
            option.equals(ClusterOptions.CONSUL)
                ? Optional.of("127.0.0.1:850" + searches.getAndIncrement())
                : Optional.empty();
    ThisProcess process = new ThisProcess(options);

    assertEquals("127.0.0.1", process.host());
    assertEquals("127.0.0.1", process.host());
    assertEquals(1, searches.get());
  }
}
