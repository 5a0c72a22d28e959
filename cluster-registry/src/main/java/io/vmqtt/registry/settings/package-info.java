/** What operators say for the whole cluster over the API, and what was said before. */
@NullMarked
package io.vmqtt.registry.settings;

import org.jspecify.annotations.NullMarked;
