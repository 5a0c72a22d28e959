package io.vmqtt.gateway.access.outside;

import io.vmqtt.gateway.access.CommonName;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Password;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A text with what is known of a client in it: {@code %u} is its user name, {@code %c} its client
 * id, and so on; {@code %%} is a percent sign. What is put in is not looked at again.
 */
public final class Template {
  private static final char SIGN = '%';

  private final String text;
  private final List<Part> parts;

  /** What can be put in. */
  public enum Variable {
    USER_NAME('u'),
    CLIENT_ID('c'),
    PASSWORD('p'),
    ADDRESS('a'),
    /** That of the subject of its certificate. */
    COMMON_NAME('s'),
    NAMESPACE('n');

    private final char letter;

    Variable(char letter) {
      this.letter = letter;
    }

    /** Null: the client has none, or one that is no text. */
    public @Nullable String of(Credentials client) {
      return switch (this) {
        case USER_NAME -> client.userName();
        case CLIENT_ID -> client.clientId();
        case PASSWORD -> text(client.password());
        case ADDRESS ->
            client.peer() instanceof InetSocketAddress from && from.getAddress() != null
                ? from.getAddress().getHostAddress()
                : null;
        case COMMON_NAME ->
            client.certificate() == null ? null : CommonName.of(client.certificate());
        case NAMESPACE -> client.namespace().name();
      };
    }

    private static @Nullable String text(@Nullable Password password) {
      if (password == null) {
        return null;
      }
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(password.bytes()))
            .toString();
      } catch (CharacterCodingException _) {
        return null;
      }
    }
  }

  /** A part: a variable behind a text. */
  private record Part(String before, @Nullable Variable variable) {}

  private Template(String text, List<Part> parts) {
    this.text = text;
    this.parts = List.copyOf(parts);
  }

  /**
   * Reads one.
   *
   * @param allowed what it may contain
   * @throws IllegalArgumentException if it has another letter behind a percent sign
   */
  public static Template read(String text, Variable... allowed) {
    List<Part> parts = new ArrayList<>();
    StringBuilder before = new StringBuilder();
    int from = 0;
    for (int sign = text.indexOf(SIGN); sign >= 0; sign = text.indexOf(SIGN, from)) {
      before.append(text, from, sign);
      from = sign + 2;
      if (from <= text.length() && text.charAt(sign + 1) == SIGN) {
        before.append(SIGN);
      } else {
        parts.add(new Part(before.toString(), variable(text, sign + 1, allowed)));
        before.setLength(0);
      }
    }
    before.append(text, from, text.length());
    parts.add(new Part(before.toString(), null));
    return new Template(text, parts);
  }

  private static Variable variable(String text, int at, Variable... allowed) {
    return Arrays.stream(allowed)
        .filter(one -> at < text.length() && one.letter == text.charAt(at))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + text
                        + "' has a % before what is none of "
                        + Arrays.stream(allowed).map(one -> one.letter).toList()
                        + "; %% is a percent sign"));
  }

  /** Whether that is put in. */
  public boolean has(Variable variable) {
    return parts.stream().anyMatch(part -> part.variable() == variable);
  }

  /**
   * The text for a client; null where it lacks what is to be put in.
   *
   * @param escape makes of a value what it has to be in such a text
   */
  public @Nullable String fill(Credentials client, UnaryOperator<String> escape) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      out.append(part.before());
      if (part.variable() != null) {
        String value = part.variable().of(client);
        if (value == null) {
          return null;
        }
        out.append(escape.apply(value));
      }
    }
    return out.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Template same && text.equals(same.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
