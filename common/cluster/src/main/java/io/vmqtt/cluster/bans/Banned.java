package io.vmqtt.cluster.bans;

import java.util.Set;

/** Whom a ban, or a pardon, is about. */
public sealed interface Banned {
  /** What operators call the kinds. */
  Set<String> LABELS = Set.of("client-id", "user", "address");

  /** Whoever connects with that client id. */
  record ClientId(String id) implements Banned {
    @Override
    public String label() {
      return "client-id";
    }

    @Override
    public String text() {
      return id;
    }
  }

  /** Whoever has proved to be that user. */
  record User(String name) implements Banned {
    @Override
    public String label() {
      return "user";
    }

    @Override
    public String text() {
      return name;
    }
  }

  /** Whoever comes from there. */
  record Address(Network network) implements Banned {
    @Override
    public String label() {
      return "address";
    }

    @Override
    public String text() {
      return network.toString();
    }
  }

  /** What operators call the kind. */
  String label();

  /** Which one it is. */
  String text();

  /**
   * What an operator writes.
   *
   * @throws IllegalArgumentException if it cannot be
   */
  static Banned of(String label, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("it is empty");
    }
    return switch (label) {
      case "client-id" -> new ClientId(text);
      case "user" -> new User(text);
      case "address" -> new Address(Network.of(text));
      default -> throw new IllegalArgumentException(label + ": nobody is banned by that");
    };
  }
}
