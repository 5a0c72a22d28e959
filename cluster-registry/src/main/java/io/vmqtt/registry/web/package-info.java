/** The page for operators, as a browser gets it: what it shows comes through the API. */
@NullMarked
package io.vmqtt.registry.web;

import org.jspecify.annotations.NullMarked;
