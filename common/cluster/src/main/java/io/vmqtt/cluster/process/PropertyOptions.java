package io.vmqtt.cluster.process;

import io.micronaut.context.env.Environment;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionValues;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Options as Micronaut's properties have them, from wherever those come; an empty one is none. */
@Singleton
final class PropertyOptions implements OptionValues {
  private final Environment properties;

  PropertyOptions(Environment properties) {
    this.properties = properties;
  }

  @Override
  public Optional<String> text(Option<?> option) {
    return properties.getProperty(option.property(), String.class).filter(text -> !text.isBlank());
  }
}
