#include "memory.h"

#include <string.h>

#define WORN_BYTE 77u
#define WORN_BIT 0x10u

static bool in_range(uint32_t offset, uint32_t length) { return offset <= MEMORY_BYTES && length <= MEMORY_BYTES - offset; }

static bool read_bytes(void *user, uint32_t offset, void *bytes, uint32_t length) {
  memory *m = user;
  if (!in_range(offset, length)) {
    m->misuse++;
    return false;
  }
  if (m->dead || m->reads_fail) return false;
  memcpy(bytes, m->bytes + offset, length);
  return true;
}

static void program(memory *m, uint32_t at, uint8_t value) {
  if (m->flash) {
    if ((value & (uint8_t)~m->bytes[at]) != 0u && m->worn_page == UINT32_MAX) m->misuse++;
    m->bytes[at] &= value;
  } else {
    m->bytes[at] = value;
  }
}

/* Counts the step; true when the power ends in it. */
static bool step_ends(memory *m, uint32_t length) {
  if (m->steps < sizeof m->lengths / sizeof m->lengths[0]) m->lengths[m->steps] = length;
  return m->steps++ == m->cut_step;
}

static bool write_bytes(void *user, uint32_t offset, const void *bytes, uint32_t length) {
  memory *m = user;
  const uint8_t *from = bytes;
  uint32_t i, arrive = length;
  bool cut, fault;
  if (m->dead) return false;
  if (!in_range(offset, length) || length == 0u || (m->flash && (offset % 4u != 0u || length % 4u != 0u))) {
    m->misuse++;
    return false;
  }
  fault = m->steps == m->fault_step;
  cut = step_ends(m, length);
  if (cut) arrive = m->cut_before ? 0u : m->cut_bytes < length ? m->cut_bytes : length;
  for (i = 0; i < arrive; i++) {
    const uint8_t before = m->bytes[offset + i];
    if (fault && m->fault_tells && i == length / 2u) return false;
    program(m, offset + i, from[i]);
    if (fault && !m->fault_tells && i == m->fault_at % length) {
      const uint8_t changed = (uint8_t)(before ^ m->bytes[offset + i]);
      m->bytes[offset + i] ^= (uint8_t)(changed & (uint8_t)(0u - changed)); /* its lowest changed bit */
    }
  }
  if (cut) {
    if (!m->cut_before && arrive < length) {
      const uint8_t before = m->bytes[offset + arrive];
      program(m, offset + arrive, m->flash ? (uint8_t)(from[arrive] | 0x55u) : (uint8_t)((from[arrive] & 0x0fu) | (before & 0xf0u)));
    }
    m->dead = true;
    return false;
  }
  return true;
}

static bool erase_page(void *user, uint32_t offset) {
  memory *m = user;
  uint8_t *page = m->bytes + offset;
  uint32_t i;
  if (m->dead) return false;
  if (offset % FLASH_PAGE_BYTES != 0u || !in_range(offset, FLASH_PAGE_BYTES)) {
    m->misuse++;
    return false;
  }
  if (m->steps == m->fault_step) {
    m->steps++;
    return !m->fault_tells; /* silent: nothing was erased */
  }
  if (step_ends(m, 0u)) {
    m->dead = true;
    if (m->cut_before) return false;
    if (m->cut_erase == TORN_FIRST_HALF) memset(page, 0xff, FLASH_PAGE_BYTES / 2u);
    else if (m->cut_erase == TORN_SECOND_HALF) memset(page + FLASH_PAGE_BYTES / 2u, 0xff, FLASH_PAGE_BYTES / 2u);
    else
      for (i = 0; i < FLASH_PAGE_BYTES; i++) page[i] |= (uint8_t)(i * 167u + 13u); /* on their way to one */
    return false;
  }
  memset(page, 0xff, FLASH_PAGE_BYTES);
  if (offset / FLASH_PAGE_BYTES == m->worn_page) page[WORN_BYTE] &= (uint8_t)~WORN_BIT;
  return true;
}

void memory_restart(memory *m) {
  m->steps = 0;
  m->cut_step = m->fault_step = m->worn_page = UINT32_MAX;
  m->cut_bytes = m->fault_at = 0;
  m->cut_before = m->dead = m->fault_tells = m->reads_fail = false;
}

void memory_begin(memory *m, et_port *port, bool flash) {
  memset(m, 0, sizeof *m);
  memset(m->bytes, 0xff, sizeof m->bytes);
  m->flash = flash;
  memory_restart(m);
  memset(port, 0, sizeof *port);
  port->user = m;
  port->nvm.size = MEMORY_BYTES;
  port->nvm.page_bytes = flash ? FLASH_PAGE_BYTES : 1u;
  port->nvm.write_bytes = flash ? 4u : 1u;
  port->nvm.read = read_bytes;
  port->nvm.write = write_bytes;
  if (flash) port->nvm.erase = erase_page;
}
