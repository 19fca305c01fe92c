// What a network is trained with, in AssemblyScript, for `Real` numbers of 32 or 64 bits.
//
// A matrix has rows of a multiple of 16 bytes; what is beyond its columns is zero. Which thread takes
// which chunk changes no result.
export * from "./parts/entries";
export * from "./parts/multinomial";
export * from "./parts/product";
export * from "./parts/rows";
export * from "./parts/sparse";
