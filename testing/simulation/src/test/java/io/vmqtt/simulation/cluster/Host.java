package io.vmqtt.simulation.cluster;

import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.simulation.world.SimulatedProcess;
import org.jspecify.annotations.Nullable;

/** A machine that runs one process of one role, one after the other. */
public abstract class Host {
  private final String name;
  private final Role role;
  private final Surroundings surroundings;
  private @Nullable SimulatedProcess process;
  private int starts;

  Host(String name, Role role, Surroundings surroundings) {
    this.name = name;
    this.role = role;
    this.surroundings = surroundings;
  }

  public String name() {
    return name;
  }

  public Role role() {
    return role;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /** Whether a process is there, asleep or not. */
  public boolean isUp() {
    return process != null;
  }

  /** The process that is there, or null. */
  public @Nullable SimulatedProcess process() {
    return process;
  }

  /** Starts a process, unless one is there. */
  public void start() {
    if (process == null) {
      starts++;
      SimulatedProcess started = surroundings.network().start(name);
      process = started;
      run(started, name + '-' + starts);
    }
  }

  /**
   * What the process does.
   *
   * @param nodeId differs from that of the process before
   */
  abstract void run(SimulatedProcess started, String nodeId);

  /** SIGKILL. */
  public void kill() {
    SimulatedProcess running = process;
    if (running != null) {
      process = null;
      running.kill();
      killed();
      surroundings.transport().killed(running);
    }
  }

  /** The machine has no power any longer, whether a process was there or not. */
  public void powerOff() {
    kill();
    poweredOff();
  }

  /** The process is gone. */
  void killed() {}

  /** All is gone that the machine had in its memory. */
  void poweredOff() {}

  /** SIGSTOP. */
  public void pause() {
    if (process != null) {
      process.pause();
    }
  }

  /** SIGCONT. */
  public void resume() {
    if (process != null) {
      process.resume();
    }
  }
}
