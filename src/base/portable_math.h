#pragma once
// Elementary functions whose results are the same bits on every machine. The C library's may differ in the last bit
// between versions and processors, which is enough to change a rounded value, a comparison or a whole random stream;
// these use IEEE additions, multiplications, divisions and square roots only (and no fused multiply-add: the build
// sets -ffp-contract=off). Within 2 units in the last place of the exact value; about as fast as the library's.

namespace leeway::portable {

/// e^x; 0 below -745.2, infinite above 709.78, NaN for NaN.
double exp(double x);

/// Natural logarithm; -infinity at 0, NaN for negative numbers and NaN.
double log(double x);

/// base^exponent as exp(exponent · log(base)), for base > 0; relative error up to 2e-16 (1 + |exponent · log(base)|).
double pow(double base, double exponent);

/// 1 / (1 + e^-x), without overflow; its complement is logistic(-x).
double logistic(double x);

/// cos(2π t), exact at multiples of a quarter turn; absolute error below 3e-16. NaN unless t is finite.
double cos_turns(double t);

}  // namespace leeway::portable
