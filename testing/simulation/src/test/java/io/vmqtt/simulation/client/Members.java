package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.SentMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A share group with one member that stays. The others come, forget every message that they get
 * before they can acknowledge it, and end their sessions: so everything must reach the one that
 * stays, when it is not its turn as well (section 4.8.2 of MQTT 5).
 */
public final class Members {
  private static final String TOPIC = "shared";
  private static final String FILTER = "$share/group/" + TOPIC;
  private static final long LONGEST_STAY_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Scene scene;
  private final Subscriber stays;
  private final List<Leaver> leavers = new ArrayList<>();
  private @Nullable Publisher publisher;
  private boolean stopped;

  /**
   * The member that stays begins at once.
   *
   * @param scene of their own: in a group there is no order
   */
  public Members(Scene scene) {
    this.scene = scene;
    this.stays = new Subscriber(scene, "member-that-stays", FILTER, TOPIC::equals, 1);
  }

  public boolean isSubscribed() {
    return stays.isSubscribed();
  }

  /** The others begin. */
  public void begin() {
    publisher = new Publisher(scene, "group-publisher", TOPIC, 1);
    comeOn();
  }

  private void comeOn() {
    if (!stopped) {
      leavers.add(new Leaver("member-" + leavers.size()));
      scene.time().after(scene.random().nextLong(LONGEST_STAY_NANOS), this::comeOn);
    }
  }

  /** Nobody else comes, and nothing new is published. */
  public void stop() {
    stopped = true;
    if (publisher != null) {
      publisher.stop();
    }
  }

  /**
   * Whether everything that was published is acknowledged, and the session of every other has
   * ended.
   */
  public boolean isDone() {
    return publisher != null
        && publisher.isDone()
        && leavers.stream().allMatch(leaver -> leaver.gone);
  }

  public boolean isComplete() {
    return scene.history().isComplete();
  }

  public Scene scene() {
    return scene;
  }

  /** It takes nothing, and starts anew in the end with a session that ends with its connection. */
  private final class Leaver implements ClientOwner {
    private final String id;
    private final SimulatedClient client;
    private @Nullable SimulatedClient last;
    private boolean gone;

    private Leaver(String id) {
      this.id = id;
      this.client = new SimulatedClient(scene, id, true, this);
      scene.time().after(scene.random().nextLong(LONGEST_STAY_NANOS), this::leave);
    }

    @Override
    public void connected(boolean sessionPresent) {
      if (!sessionPresent) {
        client.subscribe(FILTER, 1, () -> scene.history().note(id, "is a member"));
      }
    }

    @Override
    public boolean takes(SentMessage message) {
      scene.history().note(id, "forgets " + message);
      return false;
    }

    private void leave() {
      client.end();
      last =
          new SimulatedClient(
              scene,
              id,
              false,
              new ClientOwner() {
                @Override
                public void connected(boolean sessionPresent) {
                  SimulatedClient one = last;
                  if (one != null) {
                    one.subscribe("nothing", 0, Leaver.this::ended);
                  }
                }
              });
    }

    /** Not upon CONNACK: who is overtaken while it connects gets that, and then DISCONNECT. */
    private void ended() {
      scene.history().note(id, "has ended its session");
      gone = true;
      if (last != null) {
        last.end();
      }
    }
  }
}
