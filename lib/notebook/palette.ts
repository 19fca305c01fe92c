/**
 * The colors for categories: Okabe and Ito's (2008), which people with any of the common kinds of
 * color blindness can tell apart; without their yellow, which is too light for lines on white.
 */
export const palette: readonly string[] = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#4d4d4d",
];
