package io.vmqtt.cluster.discovery;

import com.ecwid.consul.v1.agent.AgentClient;
import io.vmqtt.cluster.consul.Backoff;
import io.vmqtt.cluster.consul.Consul;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one service registered in Consul until it is closed, on a virtual thread of its own.
 *
 * <p>Registering once is not enough: Consul may be away when the process starts, may come back
 * without its memory, and takes a service out that it could not reach for a while.
 */
final class Announcement implements Registration {
  private static final Logger log = LoggerFactory.getLogger(Announcement.class);

  /** How soon a service that Consul lost is registered again. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

  /** A shutdown waits this long for a registration under way to end, so as to withdraw it. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** So long Consul is asked again to take the service out: else it needs a minute and more. */
  private static final Duration WITHDRAW_PATIENCE = Duration.ofSeconds(2);

  private final Consul consul;
  private final ServiceAnnouncer announcer;
  private final Thread keeper;

  /** Tells the keeper that there is something new. */
  private final Semaphore news = new Semaphore(0);

  private volatile ServiceEntry service;
  private volatile boolean closed;

  Announcement(Consul consul, ServiceAnnouncer announcer, ServiceEntry service) {
    this.consul = consul;
    this.announcer = announcer;
    this.service = service;
    this.keeper = Thread.ofVirtual().name("announce-" + service.id()).unstarted(this::keep);
  }

  void start() {
    keeper.start();
  }

  /** The service is another one from now on, with the same id. */
  void update(ServiceEntry now) {
    service = now;
    news.release();
  }

  private void keep() {
    Backoff backoff = new Backoff(RandomGenerator.getDefault());
    @Nullable ServiceEntry announced = null;
    try {
      while (!closed) {
        ServiceEntry wanted = service;
        Duration pause;
        try {
          // The first time always: what Consul knows may be of an earlier life of this node.
          if (!wanted.equals(announced) || !isKnown()) {
            announcer.announce(wanted);
            announced = wanted;
            log.info("Registered {} at Consul as {}", wanted.name(), wanted.id());
          }
          backoff.reset();
          pause = LOOK_EVERY;
        } catch (IOException e) {
          log.debug("Could not register {}", wanted.id(), e);
          pause = backoff.next();
        } catch (RuntimeException e) {
          log.error("Registering {} failed, trying again", wanted.id(), e);
          pause = backoff.next();
        }
        boolean _ = news.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isKnown() throws IOException {
    return consul.ask(AgentClient::getAgentServices).getValue().containsKey(service.id());
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    news.release();
    try {
      if (!keeper.join(CLOSE_TIMEOUT)) {
        log.warn(
            "{} was still being registered at Consul when it was to be withdrawn", service.id());
      }
      withdraw();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void withdraw() {
    Backoff backoff = new Backoff(RandomGenerator.getDefault());
    long end = System.nanoTime() + WITHDRAW_PATIENCE.toNanos();
    while (true) {
      try {
        announcer.withdraw(service.id());
        log.info("Withdrew {} from Consul", service.id());
        return;
      } catch (IOException e) {
        log.debug("Could not withdraw {}", service.id(), e);
      }
      Duration pause = backoff.next();
      if (end - System.nanoTime() < pause.toNanos()) {
        log.warn("Could not withdraw {}: Consul will when its health check fails", service.id());
        return;
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }
}
