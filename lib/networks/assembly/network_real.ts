// What a network is trained with, in AssemblyScript, for `Real` numbers of 32 or 64 bits.
//
//   H₁ = f(X̃·W₁ + 1·b₁ᵀ),   Hₗ = f(Hₗ₋₁·Wₗ + 1·bₗᵀ),   Z = H·Bᵀ,   ℓ = −Σ x_ui·ln softmax(z_u)_i
//
// with f = relu or tanh, rows of H and B normalized where that is asked for, and the gradient of ℓ by each
// of them; W ← W − η·m̂/(√v̂ + ε), which is Adam. One kernel is one of these operations, or its way back:
// X̃ is sparse and its rows are gathered, products go by tiles in registers, and the softmax has an
// exponential of its own, a polynomial.
//
// A matrix has rows of a multiple of 16 bytes; what is beyond its columns is zero. Which thread takes
// which chunk changes no result.
export * from "./parts/entries";
export * from "./parts/multinomial";
export * from "./parts/product";
export * from "./parts/rows";
export * from "./parts/sparse";
