package io.vmqtt.registry.admin;

import io.vmqtt.cluster.operators.OperatorRole;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Who may ask that, at least; without this, it is {@link OperatorRole#ADMIN} alone. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface RequiresRole {
  OperatorRole value();
}
