package io.vmqtt.gateway.access.passwords;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Users with their passwords as a file has them: a line {@code NAME:HASH} for each, with a {@code
 * !} before the hash of one that is disabled; empty lines, and those that begin with {@code #}, are
 * for people, but for one that has a secret: what seems to be the salt of users who are not there
 * is made of it, the same wherever the file is. Immutable.
 */
public final class PasswordFile {
  private static final String SECRET = "#secret ";

  private final List<String> lines;
  private final Map<String, User> users = new HashMap<>();

  private PasswordFile(List<String> lines) {
    this.lines = List.copyOf(lines);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (isOfUser(line)) {
        User user = user(line, i + 1);
        if (users.putIfAbsent(user.name(), user) != null) {
          throw new IllegalArgumentException(
              "line " + (i + 1) + ": user '" + user.name() + "' is there twice");
        }
      }
    }
  }

  /**
   * Reads the text of a file.
   *
   * @throws IllegalArgumentException if it cannot be; the message names the line
   */
  public static PasswordFile read(String text) {
    return new PasswordFile(text.lines().toList());
  }

  private static boolean isOfUser(String line) {
    return !line.isBlank() && !line.startsWith("#");
  }

  private static User user(String line, int number) {
    int colon = line.indexOf(User.SEPARATOR);
    if (colon < 0) {
      throw new IllegalArgumentException("line " + number + ": not NAME:HASH");
    }
    String name = line.substring(0, colon);
    String hash = line.substring(colon + 1).strip();
    boolean disabled = hash.indexOf(User.DISABLED) == 0;
    try {
      return new User(name, StoredPassword.read(disabled ? hash.substring(1) : hash), disabled);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "line " + number + ": user '" + name + "': " + e.getMessage(), e);
    }
  }

  /** A user by name. */
  public Optional<User> user(String name) {
    return Optional.ofNullable(users.get(name));
  }

  /** All of them, in no order. */
  public List<User> users() {
    return List.copyOf(users.values());
  }

  /** The same with a user, new or in the place of the one of that name. */
  public PasswordFile with(User user) {
    List<String> changed = new ArrayList<>();
    boolean there = false;
    for (String line : lines) {
      boolean his = isLineOf(user.name(), line);
      there |= his;
      changed.add(his ? user.line() : line);
    }
    if (!there) {
      changed.add(user.line());
    }
    return new PasswordFile(changed);
  }

  /** The same without a user. */
  public PasswordFile without(String name) {
    return new PasswordFile(lines.stream().filter(line -> !isLineOf(name, line)).toList());
  }

  /** The same with a secret: a new one, unless there is one. */
  public PasswordFile withSecret() {
    if (secret().isPresent()) {
      return this;
    }
    List<String> changed = new ArrayList<>(lines);
    changed.addFirst(SECRET + Base64.getEncoder().encodeToString(Salts.next()));
    return new PasswordFile(changed);
  }

  /** The secret of the file, if it has one. */
  Optional<byte[]> secret() {
    return lines.stream()
        .filter(line -> line.startsWith(SECRET))
        .map(line -> line.substring(SECRET.length()).getBytes(StandardCharsets.UTF_8))
        .findFirst();
  }

  private static boolean isLineOf(String name, String line) {
    return isOfUser(line) && line.startsWith(name + User.SEPARATOR);
  }

  /** What the file is to contain. */
  public String text() {
    return lines.isEmpty() ? "" : String.join("\n", lines) + '\n';
  }
}
