/** Networks to begin with, as far as the number of features allows them. */
namespace EdgeTrainer {
  export interface NetworkPreset {
    /** Its title in the catalogue: form.preset.<name>. */
    readonly name: string;
    /**
     * What it puts into the model; undefined when so many features are too few for it, or make no image.
     * @param channels of a stream whose samples the features are, one after the other
     */
    readonly model: (features: number, classes: number, channels?: number) => Json | undefined;
  }

  /** A convolution needs a few windows to slide over. */
  const WINDOW_LEAST = 16;
  /** A side of an image. */
  const SIDE_LEAST = 4;

  /** Height and width of so many pixels, as square as can be. */
  function imageOf(pixels: number): [number, number] | undefined {
    for (let height = Math.floor(Math.sqrt(pixels)); height >= SIDE_LEAST; height--)
      if (pixels % height === 0) return [height, pixels / height];
    return undefined;
  }

  const convolution = { kind: 'conv', padding: 'same', activation: 'relu' };

  export const networkPresets: readonly NetworkPreset[] = [
    {
      name: 'dense',
      model: (features, classes) =>
        features === 0
          ? undefined
          : {
              ...{ height: 1, width: 0, channels: 1 },
              layers: [
                { kind: 'dense', units: 16, activation: 'relu' },
                { kind: 'dense', units: classes },
              ],
            },
    },
    {
      name: 'window',
      model: (features, classes, channels = 1) =>
        features / channels < WINDOW_LEAST
          ? undefined
          : {
              ...{ height: 1, width: 0, channels },
              layers: [
                { ...convolution, filters: 8, kernelWidth: 9, strideWidth: 2 },
                { kind: 'max-pool', kernelWidth: 2 },
                { ...convolution, filters: 16, kernelWidth: 5 },
                { kind: 'max-pool', kernelWidth: 4 },
                { kind: 'dense', units: classes },
              ],
            },
    },
    {
      name: 'image',
      model: (features, classes) => {
        const image = imageOf(features);
        const conv = { kind: 'conv', kernelHeight: 3, kernelWidth: 3, padding: 'same', activation: 'relu' };
        return image === undefined
          ? undefined
          : {
              ...{ height: image[0], width: image[1], channels: 1 },
              layers: [
                { ...conv, filters: 8 },
                { kind: 'max-pool', kernelHeight: 2, kernelWidth: 2 },
                { ...conv, filters: 16 },
                { kind: 'dense', units: classes },
              ],
            };
      },
    },
  ];
}
