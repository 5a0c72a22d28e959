package io.vmqtt.cluster.bans;

import io.vmqtt.model.Namespace;

/**
 * Who may be held off: always somebody who comes from one place, so that nobody can have others
 * held off who are elsewhere.
 *
 * @param kind what {@code name} is
 * @param from see {@link Network#source}
 * @param namespace of the listener; the nameless one for an address
 * @param name as the client says; empty for an address
 */
public record Suspect(Kind kind, Network from, Namespace namespace, String name) {
  /** Names count by their beginning: what clients choose must not fill the fact. */
  private static final int LONGEST_NAME = 64;

  public Suspect {
    name = counted(name);
  }

  /** As much of a name as counts. */
  static String counted(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
  }

  /** What a suspect is known by, beside where it comes from. */
  public enum Kind {
    /** Nothing. */
    ADDRESS,
    /** The user name of its CONNECT. */
    USER,
    /** Its client id. */
    CLIENT_ID
  }

  /** All who come from there. */
  public static Suspect address(Network from) {
    return new Suspect(Kind.ADDRESS, from, Namespace.NAMELESS, "");
  }
}
