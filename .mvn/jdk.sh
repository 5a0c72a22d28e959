# Finds a JDK 25 and exports JAVA_HOME, or says what is missing and exits with 1.
# Sourced by mvnw and by the vmqtt launcher: POSIX sh, no side effect but JAVA_HOME and PATH.
#
# The default `java` of a machine is often older; asking people to switch it is a step they forget.
# The `release` file that every JDK carries is read instead of starting a JVM: looking costs nothing.

# True where $1 is the home of a JDK 25.
vmqtt_is_jdk_25() {
  [ -n "$1" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] \
    && grep -q '^JAVA_VERSION="25[".+-]' "$1/release"
}

# Prints every place worth looking at, one per line, the most explicit choice first.
vmqtt_jdk_candidates() {
  printf '%s\n' "${JAVA_HOME:-}"
  vmqtt_java=$(command -v java 2>/dev/null) \
    && vmqtt_java=$(readlink -f "$vmqtt_java" 2>/dev/null) \
    && printf '%s\n' "${vmqtt_java%/bin/java}"
  for vmqtt_home in /usr/lib/jvm/* /opt/* /opt/java/* /usr/java/* /usr/local/* \
    "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/* "${HOME:-/root}"/.local/share/mise/installs/java/*; do
    printf '%s\n' "$vmqtt_home"
  done
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v 25 2>/dev/null || :
  fi
}

vmqtt_jdk=$(
  vmqtt_jdk_candidates | while IFS= read -r vmqtt_home; do
    if vmqtt_is_jdk_25 "$vmqtt_home"; then
      printf '%s\n' "$vmqtt_home"
      break
    fi
  done
)

if [ -z "$vmqtt_jdk" ]; then
  echo "V-MQTT needs a JDK 25: install one (for example Eclipse Temurin 25) or point JAVA_HOME at it." >&2
  exit 1
fi

JAVA_HOME=$vmqtt_jdk
PATH=$JAVA_HOME/bin:$PATH
export JAVA_HOME PATH
unset vmqtt_jdk
