import { power } from "../elementary/power.ts";

/** How a step follows from the gradient. */
export type Optimizer = "gradientDescent" | "momentum" | "adam";

/** Makes one step: changes the parameters, given the gradient and the curvature there. */
export type Step = (parameters: Float64Array, gradient: Float64Array, curvature: number) => void;

/** What an optimizer has to know of the training. */
export interface StepOptions {
  /** The size of a step. */
  learningRate: number;
  /** How many parameters there are. */
  parameters: number;
  /** How many steps there will be at the most. */
  maxSteps: number;
}

/**
 * The optimizers by name: gradient descent; gradient descent with momentum 0.9 (Polyak, 1964); and
 * Adam (Kingma and Ba, 2015), whose learning rate falls linearly to 0 so that it comes to rest.
 * The first two measure a step in units of one over the curvature.
 */
export const optimizers: Record<Optimizer, (options: StepOptions) => Step> = {
  gradientDescent({ learningRate }) {
    return (parameters, gradient, curvature) => {
      const rate = learningRate / curvature;
      for (let i = 0; i < parameters.length; i++) parameters[i] -= rate * gradient[i];
    };
  },

  momentum({ learningRate, parameters: count }) {
    const velocity = new Float64Array(count);
    return (parameters, gradient, curvature) => {
      const rate = learningRate / curvature;
      for (let i = 0; i < parameters.length; i++) {
        velocity[i] = 0.9 * velocity[i] + rate * gradient[i];
        parameters[i] -= velocity[i];
      }
    };
  },

  adam({ learningRate, parameters: count, maxSteps }) {
    const mean = new Float64Array(count);
    const square = new Float64Array(count);
    let steps = 0;
    return (parameters, gradient) => {
      const rate = learningRate * (1 - steps / maxSteps);
      steps++;
      const meanBias = 1 - power(0.9, steps);
      const squareBias = 1 - power(0.999, steps);
      for (let i = 0; i < parameters.length; i++) {
        mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
        square[i] = 0.999 * square[i] + 0.001 * gradient[i] ** 2;
        parameters[i] -= rate * mean[i] / meanBias / (Math.sqrt(square[i] / squareBias) + 1e-8);
      }
    };
  },
};
