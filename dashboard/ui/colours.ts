/** Colours of lines and classes: told apart on light and dark ground, and by people who see no red or green. */
export const COLOURS = ['#3a86c8', '#e08e0b', '#2a9d8f', '#b35fb0', '#c0504d', '#7f8c8d'] as const;
