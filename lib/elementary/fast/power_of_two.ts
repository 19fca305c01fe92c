const LEAST = -1074, MOST = 1023;
const powers = new Float64Array(MOST - LEAST + 1);
for (let i = 0, power = Number.MIN_VALUE; i < powers.length; i++, power *= 2) powers[i] = power;

/** 2^n for an integer n from −1074 to 1023. */
export const powerOfTwo = (n: number): number => powers[n - LEAST];
