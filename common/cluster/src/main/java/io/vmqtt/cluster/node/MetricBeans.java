package io.vmqtt.cluster.node;

import io.micrometer.core.instrument.config.MeterFilter;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.metrics.CatalogueFilter;
import io.vmqtt.cluster.metrics.MetricCatalogue;
import io.vmqtt.cluster.metrics.ProcessCatalogue;
import jakarta.inject.Singleton;
import java.util.List;

/** Has what is measured say what it is, by the catalogues of this process. */
@Factory
final class MetricBeans {

  @Singleton
  MetricCatalogue ofEveryProcess() {
    return new ProcessCatalogue();
  }

  @Singleton
  MeterFilter catalogued(List<MetricCatalogue> catalogues) {
    return new CatalogueFilter(catalogues);
  }
}
