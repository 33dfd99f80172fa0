/** What a chip of the ESP32 family says of itself, for its simulation (technical reference manuals, "SPI" and "System registers"). */
export interface EspChipFacts {
  readonly title: string;
  /** In the register 0x40001000, a word of the ROM. */
  readonly magic: number;
  /** As GET_SECURITY_INFO tells it: the ESP32 does not know that command, the ESP32-S2 leaves the number out. */
  readonly securityInfo: 'unknown' | 'without id' | number;
  /** Command register of the SPI that the flash is at, and where its data words begin. */
  readonly spi: number;
  readonly words: number;
  /** Where the ROM looks for the second stage. */
  readonly secondStage: number;
  /** In the header of its images. */
  readonly imageId: number;
}

export const ESP_CHIPS: Readonly<Record<string, EspChipFacts>> = {
  esp32: {
    title: 'ESP32',
    magic: 0x00f01d83,
    securityInfo: 'unknown',
    spi: 0x3ff42000,
    words: 0x80,
    secondStage: 0x1000,
    imageId: 0,
  },
  esp32s2: {
    title: 'ESP32-S2',
    magic: 0x000007c6,
    securityInfo: 'without id',
    spi: 0x3f402000,
    words: 0x58,
    secondStage: 0x1000,
    imageId: 2,
  },
  esp32s3: {
    title: 'ESP32-S3',
    magic: 0x9,
    securityInfo: 9,
    spi: 0x60002000,
    words: 0x58,
    secondStage: 0,
    imageId: 9,
  },
  esp32c3: {
    title: 'ESP32-C3',
    magic: 0x1b31506f,
    securityInfo: 5,
    spi: 0x60002000,
    words: 0x58,
    secondStage: 0,
    imageId: 5,
  },
  esp32c6: {
    title: 'ESP32-C6',
    magic: 0x2ce0806f,
    securityInfo: 13,
    spi: 0x60003000,
    words: 0x58,
    secondStage: 0,
    imageId: 13,
  },
};
