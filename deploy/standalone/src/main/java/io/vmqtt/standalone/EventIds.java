package io.vmqtt.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import net.logstash.logback.composite.AbstractFieldJsonProvider;

/**
 * Gives each kind of event a name that stays: eight hexadecimal digits, made of who says it and of
 * the sentence before clients, files and numbers are filled in. Rules for logs can go by it.
 */
public final class EventIds extends AbstractFieldJsonProvider<ILoggingEvent> {
  /** As logback makes it. */
  public EventIds() {
    setFieldName("event");
  }

  @Override
  public void writeTo(JsonGenerator generator, ILoggingEvent event) throws IOException {
    generator.writeStringField(getFieldName(), of(event.getLoggerName(), event.getMessage()));
  }

  /** The name of what a logger says in these words. */
  static String of(String logger, String sentence) {
    CRC32C sum = new CRC32C();
    sum.update((logger + '\n' + sentence).getBytes(UTF_8));
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }
}
