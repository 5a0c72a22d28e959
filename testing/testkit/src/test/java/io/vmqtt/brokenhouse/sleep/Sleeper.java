package io.vmqtt.brokenhouse.sleep;

import java.time.Duration;

final class Sleeper {
  void sleep() throws InterruptedException {
    Thread.sleep(Duration.ofMillis(1));
  }
}
