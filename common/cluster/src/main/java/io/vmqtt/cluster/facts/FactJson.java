package io.vmqtt.cluster.facts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * How facts that may be long stand in Consul: {@code {"format":1,"version":1764150000000,...}}, and
 * what they say, for people to read too. Where that is long, {@code packed} stands for it: the
 * same, in gzip and base64, for Consul takes no more than half a megabyte as one value.
 */
public final class FactJson {
  private static final int FORMAT = 1;

  /** What people may want to read at once. */
  private static final int LONGEST_UNPACKED = 64 << 10;

  private static final int MOST_UNPACKED_BYTES = 64 << 20;

  private static final String FORMAT_FIELD = "format";
  private static final String VERSION = "version";
  private static final String ORIGIN = "origin";
  private static final String PACKED = "packed";
  private static final ObjectMapper JSON = new ObjectMapper();

  private FactJson() {}

  /**
   * What was read.
   *
   * @param origin where it was said; null: it does not say
   * @param fields where what is said stands
   */
  public record Said(long version, @Nullable Origin origin, JsonNode fields) {}

  /** Nothing said yet. */
  public static ObjectNode nothing() {
    return JSON.createObjectNode();
  }

  /** A fact of that version that says so, and where it was said. */
  public static String write(long version, @Nullable Origin origin, ObjectNode said) {
    ObjectNode fact = nothing().put(FORMAT_FIELD, FORMAT).put(VERSION, version);
    addOrigin(origin, fact);
    byte[] bytes = bytes(said);
    if (bytes.length > LONGEST_UNPACKED) {
      fact.put(PACKED, Base64.getEncoder().encodeToString(packed(bytes)));
    } else {
      fact.setAll(said);
    }
    return fact.toString();
  }

  /** Notes in a fact where it was said; versions that do not know that pass over it. */
  public static void addOrigin(@Nullable Origin origin, ObjectNode fact) {
    if (origin != null) {
      Origin.write(origin, fact.putObject(ORIGIN));
    }
  }

  /** Where a fact was said; null: it does not say. */
  public static @Nullable Origin origin(JsonNode fact) {
    return Origin.read(fact.path(ORIGIN));
  }

  private static byte[] bytes(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a fact", e);
    }
  }

  private static byte[] packed(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /**
   * What a text says.
   *
   * @param what it should be about
   * @throws IOException if it is no such fact, or of a format that this version does not know
   */
  public static Said read(String json, String what) throws IOException {
    if (!(JSON.readTree(json) instanceof ObjectNode fact)) {
      throw new IOException("nothing about " + what + ", but " + json);
    }
    JsonNode format = fact.path(FORMAT_FIELD);
    if (!format.isInt() || format.intValue() != FORMAT) {
      throw new IOException(
          what + " of format " + format + "; this version reads format " + FORMAT);
    }
    JsonNode version = fact.path(VERSION);
    if (!version.canConvertToLong() || version.longValue() <= 0) {
      throw new IOException("the version: no whole number from 1 on, but " + version);
    }
    return new Said(
        version.longValue(),
        origin(fact),
        fact.has(PACKED) ? unpacked(fact.get(PACKED).asText()) : fact);
  }

  private static JsonNode unpacked(String text) throws IOException {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
      byte[] bytes = in.readNBytes(MOST_UNPACKED_BYTES);
      return JSON.readTree(bytes);
    } catch (IllegalArgumentException e) {
      throw new IOException("packed: no base64", e);
    }
  }
}
