package io.vmqtt.registry.membership;

import com.ecwid.consul.v1.ConsulClient;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.kv.model.GetValue;
import com.ecwid.consul.v1.kv.model.PutParams;
import com.ecwid.consul.v1.session.model.NewSession;
import com.ecwid.consul.v1.session.model.Session;
import io.vmqtt.cluster.consul.Backoff;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.consul.ConsulRefusalException;
import io.vmqtt.cluster.consul.Watch;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects one of the running registries, by a lock in Consul that belongs to a session.
 *
 * <p>The session lives as long as it is renewed. A leader that stops in order ends its session, and
 * the next one leads at once; the session of one that dies runs out by itself, after ten to twenty
 * seconds. A leader that cannot renew for as long as its session lives steps down by itself.
 *
 * <p>A lock like this can still be believed held by two for a moment (a process may be paused
 * anywhere). So nothing may depend on it but who does the work: what must happen once is a
 * compare-and-set.
 *
 * <p>One virtual thread campaigns; questions may come from any thread.
 */
public final class Election extends Candidacy implements AutoCloseable {
  /** Its value is the id of who leads, as long as a session holds it. */
  public static final String LEADER_KEY = "vmqtt/registry/leader";

  private static final Logger log = LoggerFactory.getLogger(Election.class);

  /** The shortest time that Consul allows; it takes up to twice that to notice. */
  private static final Duration SESSION_TTL = Duration.ofSeconds(10);

  private static final Duration RENEW_EVERY = Duration.ofSeconds(3);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(6);

  private final Consul consul;
  private final Candidate candidate;
  private final Thread campaign;

  /** Wakes the campaign before its time: the lock is free, or the election closes. */
  private final Semaphore wake = new Semaphore(0);

  private @Nullable Watch watch;
  private volatile boolean closed;

  /** Who holds the lock, as far as this process has heard; null before it has heard anything. */
  private volatile @Nullable Holder holder;

  /** This process's session; null before the first and after one ran out. Only the campaign's. */
  private @Nullable String session;

  /** Until when the session lives for sure, by {@link System#nanoTime}. Only the campaign's. */
  private long sessionLivesUntilNanos;

  private record Holder(@Nullable String session, @Nullable String id) {
    private static final Holder NOBODY = new Holder(null, null);

    static Holder of(@Nullable GetValue lock) {
      return lock == null || lock.getSession() == null
          ? NOBODY
          : new Holder(lock.getSession(), lock.getDecodedValue());
    }
  }

  /**
   * @param self the id of this process
   * @param consul stays open when this is closed
   */
  public Election(Consul consul, String self, Candidate candidate) {
    super(self);
    this.consul = consul;
    this.candidate = candidate;
    this.campaign = Thread.ofVirtual().name("election").unstarted(this::campaign);
  }

  public void start() {
    watch =
        consul.watch(
            "watch-leader", (client, params) -> client.getKVValue(LEADER_KEY, params), this::learn);
    campaign.start();
  }

  @Override
  public Optional<String> leader() {
    Holder heard = holder;
    return heard == null ? Optional.empty() : Optional.ofNullable(heard.id());
  }

  private void learn(@Nullable GetValue lock) {
    holder = Holder.of(lock);
    wake.release();
  }

  private void campaign() {
    Backoff backoff = new Backoff(RandomGenerator.getDefault());
    try {
      while (!closed) {
        Duration pause = RENEW_EVERY;
        try {
          keepSession();
          stand();
          backoff.reset();
        } catch (IOException e) {
          log.debug("Could not stand for election", e);
          pause = backoff.next();
        } catch (RuntimeException e) {
          log.error("The election failed, trying again", e);
          pause = backoff.next();
        }
        if (isLeading() && System.nanoTime() - sessionLivesUntilNanos > 0) {
          stepDown("its session could not be renewed");
        }
        boolean _ = wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepSession() throws IOException {
    long asked = System.nanoTime();
    String kept = session;
    if (kept != null && !renew(kept)) {
      stepDown("its session ran out");
      kept = null;
    }
    if (kept == null) {
      kept =
          consul.ask(client -> client.sessionCreate(newSession(), QueryParams.DEFAULT)).getValue();
      session = kept;
    }
    sessionLivesUntilNanos = asked + SESSION_TTL.toNanos();
  }

  private boolean renew(String kept) throws IOException {
    try {
      consul.ask(client -> client.renewSession(kept, QueryParams.DEFAULT));
      return true;
    } catch (ConsulRefusalException e) {
      if (e.statusCode() == 404) {
        return false;
      }
      throw e;
    }
  }

  private NewSession newSession() {
    NewSession created = new NewSession();
    created.setName("cluster-registry-" + self());
    created.setTtl(SESSION_TTL.toSeconds() + "s");
    created.setBehavior(Session.Behavior.RELEASE);
    // A delay would guard against a leader that still believes it leads: here nothing depends on
    // it.
    created.setLockDelay(0);
    return created;
  }

  /** Takes the lock where it is free, and gives the lead up where it is somebody else's. */
  private void stand() throws IOException {
    Holder heard = holder;
    String kept = session;
    if (kept == null || heard == null) {
      return;
    }
    if (heard.session() == null) {
      if (consul.ask(client -> acquire(client, kept))) {
        // What was heard is old now; until the watch says the same, this is known for certain.
        holder = new Holder(kept, self());
        lead();
      }
    } else if (isLeading() && !heard.session().equals(kept)) {
      stepDown("somebody else took the lock");
    }
  }

  private boolean acquire(ConsulClient client, String kept) {
    PutParams params = new PutParams();
    params.setAcquireSession(kept);
    return client.setKVValue(LEADER_KEY, self(), params).getValue();
  }

  private void lead() {
    if (setLeading(true)) {
      log.info("This registry, {}, leads", self());
      candidate.elected();
    }
  }

  private void stepDown(String why) {
    session = null;
    if (setLeading(false)) {
      log.info("This registry, {}, leads no more: {}", self(), why);
      candidate.deposed();
    }
  }

  /** Stands down and releases the lock, so that another registry leads at once. */
  @Override
  public void close() {
    closed = true;
    if (watch != null) {
      watch.close();
    }
    wake.release();
    try {
      if (campaign.join(CLOSE_TIMEOUT)) {
        release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Called when the campaign has ended: its fields are this thread's now. */
  private void release() {
    String kept = session;
    stepDown("it stops");
    if (kept == null) {
      return;
    }
    try {
      consul.ask(client -> client.sessionDestroy(kept, QueryParams.DEFAULT));
    } catch (IOException e) {
      log.debug("Could not end session {}: it will run out", kept, e);
    }
  }
}
