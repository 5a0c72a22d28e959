/**
 * What an operator can set, declared once. Command line, environment, file, properties and
 * documentation all come from the declarations; who needs a value asks {@link
 * io.vmqtt.cluster.option.OptionValues}.
 */
@NullMarked
package io.vmqtt.cluster.option;

import org.jspecify.annotations.NullMarked;
