package io.vmqtt.testkit.conformance;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The test fails where the broker does not keep to these numbered statements of the standards:
 *
 * <pre>{@code
 * @Conforms(v311 = "MQTT-3.12.4-1", v5 = "MQTT-3.12.4-1")
 * void pingReq_connected_pingResp() {}
 * }</pre>
 *
 * <p>It is read from the sources, so only literals will do.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.SOURCE)
public @interface Conforms {
  /** Of MQTT 3.1.1. */
  String[] v311() default {};

  /** Of MQTT 5.0. */
  String[] v5() default {};
}
