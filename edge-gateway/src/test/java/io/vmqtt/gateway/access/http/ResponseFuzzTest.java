package io.vmqtt.gateway.access.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.fuzz.Fuzz;
import io.vmqtt.testkit.fuzz.HeapUse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Answers that nobody should give: only those that say so, and nothing else, let a client in. */
class ResponseFuzzTest {
  private static final int INPUTS = 8_000;
  private static final int HEAP_FOR_EACH_BYTE = 400;
  private static final Credentials CLIENT =
      new Credentials(Namespace.of("here"), "c", "anna", null, null, null);

  @Test
  void read_anyBytes_letsInWhomItSaysOrNobody() {
    fuzz().run(INPUTS, body -> check(body, ResponseFuzzTest::read));
  }

  @Test
  void read_byWhomTheWordIsEnoughWhereverItStands_isFound() {
    assertTrue(
        fuzz()
            .finds(
                INPUTS,
                body ->
                    check(
                        body,
                        said -> new String(said, UTF_8).contains("allow") ? "allow" : read(said))));
  }

  private static Fuzz fuzz() {
    return Fuzz.ofTexts(
            "http-answer",
            "{\"result\":\"allow\"}",
            "{\"result\":\"deny\"}",
            "{\"result\":\"unknown\"}",
            "{\"result\":\"allow\",\"user_name\":\"bob\",\"namespace\":\"plant\","
                + "\"claims\":{\"floor\":3,\"ok\":true,\"x\":null,\"deep\":[{}],\"big\":1e308}}")
        .words(
            "\"result\":\"allow\",",
            "{",
            "}",
            "[",
            "]",
            "null",
            "\"\"",
            "1e999",
            "\\u0000",
            "<html>",
            "\"claims\":",
            "9".repeat(400),
            "\"namespace\":\"a/b\",",
            "\ufeff");
  }

  private static void check(byte[] body, Function<byte[], String> reader) throws IOException {
    byte[] bounded = Arrays.copyOf(body, Math.min(body.length, HttpUsers.MOST_BODY_BYTES));
    String said = HeapUse.bounded(bounded, HEAP_FOR_EACH_BYTE, () -> reader.apply(bounded));
    if (bounded.length > 0 && !said.equals("strange") && isText(bounded)) {
      assertEquals(said, result(bounded), new String(bounded, UTF_8));
    }
  }

  /** Else the library may take one name for another. */
  private static boolean isText(byte[] body) {
    return new String(body, UTF_8).indexOf('\ufffd') < 0;
  }

  private static String read(byte[] body) {
    try {
      Optional<Authentication> read = ResponseBody.read(body, CLIENT, true);
      return read.map(one -> one instanceof Authentication.Accepted ? "allow" : "deny")
          .orElse("unknown");
    } catch (StrangeAnswerException _) {
      return "strange";
    }
  }

  /** What the one field of that name says, by the tokens of the one object that there is. */
  private static String result(byte[] body) throws IOException {
    String result = "none";
    try (JsonParser tokens = new JsonFactory().createParser(body)) {
      int depth = 0;
      int values = 0;
      for (JsonToken one = tokens.nextToken(); one != null; one = tokens.nextToken()) {
        values += depth == 0 ? 1 : 0;
        depth += one.isStructStart() ? 1 : one.isStructEnd() ? -1 : 0;
        if (depth == 1 && one == JsonToken.FIELD_NAME && tokens.currentName().equals("result")) {
          tokens.nextToken();
          result = result.equals("none") ? tokens.getText() : "twice";
          depth += tokens.currentToken().isStructStart() ? 1 : 0;
        }
      }
      return values == 1 ? result : "more than one value";
    }
  }
}
