package io.vmqtt.registry.admin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Statuses of problems that a request may be answered with beside those that its form tells: {@link
 * ApiDocument} says them.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface MayRefuse {
  int[] value();
}
