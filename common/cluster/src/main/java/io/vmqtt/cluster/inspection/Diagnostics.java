package io.vmqtt.cluster.inspection;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.vmqtt.cluster.operation.LogLevels;
import io.vmqtt.cluster.operation.NodeConfiguration;
import io.vmqtt.cluster.operation.Nothing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * One file with what whoever has to help wants to know first. No message, no password, no client is
 * in it; names of hosts and files are.
 */
public final class Diagnostics {
  private static final ObjectWriter JSON =
      JsonMapper.builder().build().writerWithDefaultPrettyPrinter();

  private final Dumps dumps;
  private final Supplier<? extends List<?>> status;
  private final Supplier<NodeConfiguration> configuration;
  private final Supplier<LogLevels> levels;
  private final MeterRegistry meters;

  /**
   * @param status what the nodes of this process say of themselves, ready for JSON
   */
  public Diagnostics(
      Dumps dumps,
      Supplier<? extends List<?>> status,
      Supplier<NodeConfiguration> configuration,
      Supplier<LogLevels> levels,
      MeterRegistry meters) {
    this.dumps = dumps;
    this.status = status;
    this.configuration = configuration;
    this.levels = levels;
    this.meters = meters;
  }

  /** The file. */
  public InputStream open(Nothing nothing) throws IOException, InterruptedException {
    return dumps.of(this::write);
  }

  private void write(OutputStream out) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      json(zip, "status.json", status.get());
      json(zip, "configuration.json", configuration.get());
      json(zip, "log-levels.json", levels.get());
      json(zip, "jvm.json", JvmFacts.all());
      zip.putNextEntry(new ZipEntry("metrics.txt"));
      for (Meter meter : meters.getMeters()) {
        zip.write(lines(meter).getBytes(StandardCharsets.UTF_8));
      }
      zip.closeEntry();
      threads(zip);
    }
  }

  private static void json(ZipOutputStream zip, String name, Object content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(JSON.writeValueAsBytes(content));
    zip.closeEntry();
  }

  private static String lines(Meter meter) {
    StringBuilder lines = new StringBuilder();
    for (Measurement measurement : meter.measure()) {
      lines.append(meter.getId().getName()).append('{');
      for (Tag tag : meter.getId().getTags()) {
        lines.append(tag.getKey()).append('=').append(tag.getValue()).append(' ');
      }
      lines
          .append("} ")
          .append(measurement.getStatistic())
          .append(' ')
          .append(measurement.getValue())
          .append('\n');
    }
    return lines.toString();
  }

  private static void threads(ZipOutputStream zip) throws IOException {
    Path folder = Files.createTempDirectory("vmqtt-threads-");
    Path file = folder.resolve("threads.txt");
    try {
      Dumps.writeThreads(file);
      zip.putNextEntry(new ZipEntry("threads.txt"));
      Files.copy(file, zip);
      zip.closeEntry();
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }
}
