/* Large constant tables stay in flash. Where data and flash are one address space this says nothing; an AVR would copy a table into
 * its SRAM at start, and reads it by instructions of its own when the type says where it lies. */
#ifndef ET_CONSTANT_H
#define ET_CONSTANT_H

#ifdef __AVR__
#define ET_CONSTANT const __flash
#else
#define ET_CONSTANT const
#endif

#endif
