package io.vmqtt.simulation;

import io.vmqtt.model.Namespace;
import io.vmqtt.simulation.client.Forgetful;
import io.vmqtt.simulation.client.Members;
import io.vmqtt.simulation.client.Newcomer;
import io.vmqtt.simulation.client.Owners;
import io.vmqtt.simulation.client.Publisher;
import io.vmqtt.simulation.client.Retainer;
import io.vmqtt.simulation.client.Scene;
import io.vmqtt.simulation.client.SimulatedClient;
import io.vmqtt.simulation.client.StateKeeper;
import io.vmqtt.simulation.client.Subscriber;
import io.vmqtt.simulation.client.Watcher;
import io.vmqtt.simulation.cluster.Flaw;
import io.vmqtt.simulation.cluster.Host;
import io.vmqtt.simulation.cluster.SimulatedCluster;
import io.vmqtt.simulation.cluster.StoreHost;
import io.vmqtt.simulation.world.Tap;
import io.vmqtt.testkit.history.NewcomerHearsTheLast;
import io.vmqtt.testkit.history.NoAcknowledgedMessageLost;
import io.vmqtt.testkit.history.OneOwnerPerClientId;
import io.vmqtt.testkit.history.OrderPerPublisherAndTopic;
import io.vmqtt.testkit.history.QosTwoExactlyOnce;
import io.vmqtt.testkit.history.RetainedIsLastAcknowledged;
import io.vmqtt.testkit.history.RetainedNeverGoesBack;
import io.vmqtt.testkit.history.SubackMeansSubscribed;
import io.vmqtt.testkit.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** One run of a cluster with its clients: everything that happens in it follows from its seed. */
final class Schedule {
  private static final int MOST_FAULTS = 10;
  private static final long TRAFFIC_MILLIS = 8_000;
  private static final long LONGEST_SPELL_MILLIS = 5_000;
  private static final long LONGEST_CLOCK_JUMP_MILLIS = TimeUnit.HOURS.toMillis(2);
  private static final long PATIENCE_MILLIS = 120_000;
  private static final long LOOK_MILLIS = 500;
  private static final int NEWCOMERS = 6;

  /** The longest spell, and whatever it takes a gateway to come back. */
  private static final Duration NOTICE = Duration.ofSeconds(15);

  private final VirtualTime time = new VirtualTime();

  /** Draws the faults alone, so that a seed has the same ones whatever the code under test does. */
  private final RandomGenerator dice;

  private final SimulatedCluster cluster;
  private final Scene scene;
  private final List<Namesakes> namesakes;
  private final Members members;
  private final List<String> faults = new ArrayList<>();
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);

  Schedule(long seed, Flaw flaw) {
    dice = new Random(seed);
    RandomGenerator random = new Random(dice.nextLong());
    cluster = new SimulatedCluster(time, random, flaw);
    scene = scene(Namespace.NAMELESS, random);
    members = new Members(scene(Namespace.NAMELESS, random));
    namesakes =
        List.of(
            new Namesakes(scene(Namespace.of("one"), random)),
            new Namesakes(scene(Namespace.of("two"), random)));
  }

  private Scene scene(Namespace namespace, RandomGenerator random) {
    return new Scene(time, random, cluster.network(), cluster.gateways(), namespace);
  }

  /** Has somebody hear what goes over the links of its cluster. */
  void tap(Tap tap) {
    cluster.tap(tap);
  }

  /** The faults that it had, in the order in which they began. */
  List<String> faults() {
    return faults;
  }

  Map<Fault, Integer> counts() {
    return counts;
  }

  /** How many messages of persistent subscribers were acknowledged. */
  int messages() {
    return scene.history().acknowledged().size();
  }

  /** Everything that clients saw, for comparison. */
  List<String> transcript() {
    return scene.history().transcript();
  }

  /** Runs it; throws an {@link AssertionError} if a promise was broken. */
  void run() {
    List<Subscriber> subscribers =
        List.of(
            new Subscriber(scene, "subscriber-1", "t/1", topic -> topic.equals("t/1"), 1),
            new Subscriber(scene, "subscriber-2", "t/2", topic -> topic.equals("t/2"), 2),
            new Subscriber(scene, "subscriber-all", "t/#", topic -> topic.startsWith("t/"), 2));
    await(
        "SUBACK",
        () ->
            subscribers.stream().allMatch(Subscriber::isSubscribed)
                && members.isSubscribed()
                && namesakes.stream().allMatch(Namesakes::isSubscribed));
    members.begin();
    namesakes.forEach(Namesakes::begin);
    List<Publisher> publishers =
        List.of(
            new Publisher(scene, "publisher-1", "t/1", 1),
            new Publisher(scene, "publisher-2", "t/2", 2),
            new Publisher(scene, "publisher-3", "t/3", 2));
    Watcher watcher = new Watcher(scene, "watcher", "t/#", topic -> topic.startsWith("t/"), false);
    after(
        dice.nextLong(TRAFFIC_MILLIS),
        () -> new Watcher(scene, "latecomer", "t/+", topic -> topic.startsWith("t/"), true));
    Retainer retainer = new Retainer(scene);
    List<StateKeeper> keepers =
        List.of(
            new StateKeeper(scene, "keeper-1", "s/1", 1),
            new StateKeeper(scene, "keeper-2", "s/2", 2));
    for (int i = 1; i <= NEWCOMERS; i++) {
      String id = "newcomer-" + i;
      boolean many = i % 2 == 0;
      boolean persistent = i % 3 == 0;
      int qos = persistent ? 1 + i % 2 : i % 3;
      after(dice.nextLong(TRAFFIC_MILLIS), () -> newcomer(id, many, qos, persistent));
    }
    Owners owners = new Owners(scene);
    Forgetful forgetful = new Forgetful(scene);
    List<SimulatedClient> clients =
        Stream.of(
                publishers.stream().map(Publisher::client),
                subscribers.stream().map(Subscriber::client),
                Stream.of(watcher.client(), forgetful.client()))
            .flatMap(all -> all)
            .toList();
    int wanted = dice.nextInt(1, MOST_FAULTS + 1);
    for (int i = 0; i < wanted; i++) {
      after(dice.nextLong(TRAFFIC_MILLIS), () -> strike(clients));
    }
    after(dice.nextLong(TRAFFIC_MILLIS), () -> retainer.read("reader-1"));
    time.advance(Duration.ofMillis(TRAFFIC_MILLIS + LONGEST_SPELL_MILLIS));

    publishers.forEach(Publisher::stop);
    retainer.stop();
    keepers.forEach(StateKeeper::stop);
    owners.stop();
    forgetful.stop();
    members.stop();
    namesakes.forEach(Namesakes::stop);
    await(
        "everything is acknowledged",
        () ->
            publishers.stream().allMatch(Publisher::isDone)
                && keepers.stream().allMatch(StateKeeper::isDone)
                && members.isDone()
                && namesakes.stream().allMatch(Namesakes::isDone)
                && retainer.isDone());
    retainer.read("reader-2");
    newcomer("newcomer-after-all", true, 1, false);
    newcomer("newcomer-that-stays", true, 2, true);
    namesakes.forEach(Namesakes::lastNewcomer);
    await(
        "everything arrives",
        () ->
            scene.history().isComplete()
                && retainer.isRead()
                && members.isComplete()
                && namesakes.stream().allMatch(Namesakes::isComplete));
    await("what has begun comes again", forgetful::isDone);
    time.advance(Duration.ofSeconds(20)); // for what comes twice, and what the others still owe
    scene.mustKeep(
        new NoAcknowledgedMessageLost(),
        new OrderPerPublisherAndTopic(),
        new QosTwoExactlyOnce(),
        new SubackMeansSubscribed(),
        new RetainedIsLastAcknowledged(),
        new RetainedNeverGoesBack(),
        new NewcomerHearsTheLast(),
        new OneOwnerPerClientId(NOTICE));
    members.scene().mustKeep(new NoAcknowledgedMessageLost());
    namesakes.forEach(Namesakes::mustKeepTheirPromises);
    List<String> differences = cluster.differencesOfReplicas();
    if (!differences.isEmpty()) {
      throw new AssertionError(String.join("; ", differences));
    }
  }

  private void newcomer(String id, boolean many, int qos, boolean persistent) {
    var _ =
        new Newcomer(
            scene,
            id,
            many ? "s/#" : "s/2",
            many ? List.of("s/1", "s/2") : List.of("s/2"),
            qos,
            persistent);
  }

  private void after(long millis, Runnable task) {
    time.after(TimeUnit.MILLISECONDS.toNanos(millis), task);
  }

  /** Lets time go by until it is so. */
  private void await(String what, BooleanSupplier condition) {
    long waited = 0;
    while (!condition.getAsBoolean()) {
      if (waited > PATIENCE_MILLIS) {
        scene.mustKeep(new NoAcknowledgedMessageLost());
        members.scene().mustKeep(new NoAcknowledgedMessageLost());
        throw new AssertionError(what + ": not within " + PATIENCE_MILLIS + " ms");
      }
      time.advance(Duration.ofMillis(LOOK_MILLIS));
      waited += LOOK_MILLIS;
    }
  }

  private <T> T oneOf(List<T> all) {
    return all.get(dice.nextInt(all.size()));
  }

  private void strike(List<SimulatedClient> clients) {
    Fault fault = oneOf(List.of(Fault.values()));
    counts.merge(fault, 1, Integer::sum);
    Host victim = oneOf(cluster.hosts());
    switch (fault) {
      case KILL -> spell(fault, victim.name(), victim::kill, victim::start);
      case POWER_OFF -> {
        StoreHost store = oneOf(cluster.stores());
        spell(fault, store.name(), store::powerOff, store::start);
      }
      case POWER_OFF_ALL ->
          spell(
              fault,
              "",
              () -> cluster.stores().forEach(StoreHost::powerOff),
              () -> cluster.stores().forEach(StoreHost::start));
      case PAUSE -> spell(fault, victim.name(), victim::pause, victim::resume);
      case UNPLUG ->
          spell(
              fault,
              victim.name(),
              () -> cluster.network().unplug(victim.name()),
              () -> cluster.network().plugIn(victim.name()));
      case CUT -> cut(fault, victim, oneOf(cluster.hosts()), cluster.network()::cut);
      case CUT_ONE_WAY -> cut(fault, victim, oneOf(cluster.hosts()), cluster.network()::cutOneWay);
      case DROP_CLIENT -> {
        SimulatedClient client = oneOf(clients);
        note(fault + " " + client.id());
        client.drop();
      }
      case TRANSFER -> {
        int shard = dice.nextInt(cluster.shards());
        note(fault + " shard " + shard);
        cluster.transfer(shard);
      }
      case SET_CLOCK -> {
        StoreHost store = oneOf(cluster.stores());
        long millis = dice.nextLong(-LONGEST_CLOCK_JUMP_MILLIS, LONGEST_CLOCK_JUMP_MILLIS);
        note(fault + " " + store.name() + " by " + millis + " ms");
        store.setClock(millis);
      }
    }
  }

  private void cut(Fault fault, Host from, Host to, BiConsumer<String, String> cutting) {
    spell(
        fault,
        from.name() + " from " + to.name(),
        () -> cutting.accept(from.name(), to.name()),
        () -> cluster.network().heal(from.name(), to.name()));
  }

  private void spell(Fault fault, String whom, Runnable begin, Runnable end) {
    long millis = dice.nextLong(LONGEST_SPELL_MILLIS);
    note(fault + " " + whom + " for " + millis + " ms");
    begin.run();
    after(
        millis,
        () -> {
          scene.history().note("end of " + fault + " " + whom);
          end.run();
        });
  }

  private void note(String fault) {
    faults.add(fault);
    scene.history().note(fault);
  }
}
