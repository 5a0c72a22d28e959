package io.vmqtt.brokenhouse.rim.deep;

import io.netty.util.AttributeMap;

/** Uses more of Netty than its buffers. */
record Attributes(AttributeMap attributes) {}
