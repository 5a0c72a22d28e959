/* Reads one file by the C library's streams, then writes another, outside, by the number that has become free. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int count, char **names) {
  if (count != 3) return 1;
  int read = open(names[1], O_RDONLY);
  FILE *stream = fdopen(read, "r");
  if (!stream || fgetc(stream) == EOF || fclose(stream) != 0) return 2;
  int other = open(names[2], O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (other != read) return 3;
  if (write(other, "other", 5) != 5 || fsync(other) != 0) return 4;
  return mmap(NULL, 5, PROT_READ | PROT_WRITE, MAP_SHARED, other, 0) == MAP_FAILED ? 5 : 0;
}
