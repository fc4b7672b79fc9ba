/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GNU Scientific Library: sorting, a Fourier transform, a matrix product.
 *
 * Shown here: input that the body destroys is restored inside the loop, and
 * the copy alone is measured beside it (`.baseline` shows the ratio); items
 * per iteration as floating-point operations. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_blas.h>
#include <gsl/gsl_fft_complex.h>
#include <gsl/gsl_sort_double.h>

#include "examples/input.h"
#include <tare.h>

static double *random_values(size_t n)
{
    double *x = input_alloc(n * sizeof *x);
    uint64_t state = 2;

    for (size_t i = 0; i < n; i++)
        x[i] = input_unit(&state);
    return x;
}

TARE_BENCH(copy, .args = "n=1000,20000", .tags = "memory")
{
    size_t n = (size_t)tare_int(b, "n");
    double *in = random_values(n), *work = input_alloc(n * sizeof *work);

    TARE_LOOP(b) {
        memcpy(work, in, n * sizeof *work);
        TARE_ESCAPE(work);
    }
    tare_items(b, n);
    free(work);
    free(in);
}

TARE_BENCH(sort, .args = "n=1000,20000", .tags = "sort", .baseline = "copy")
{
    size_t n = (size_t)tare_int(b, "n");
    double *in = random_values(n), *work = input_alloc(n * sizeof *work);
    uint64_t unordered = 0;

    TARE_LOOP(b) {
        memcpy(work, in, n * sizeof *work);
        gsl_sort(work, 1, n);
        TARE_ESCAPE(work);
    }
    tare_items(b, n);
    for (size_t i = 1; i < n; i++)
        unordered += work[i - 1] > work[i];
    tare_result(b, unordered);
    free(work);
    free(in);
}

TARE_BENCH(fft, .args = "n=256,4096", .tags = "numeric")
{
    size_t n = (size_t)tare_int(b, "n");
    double *in = random_values(2 * n), *z = input_alloc(2 * n * sizeof *z);
    double sum = 0;

    TARE_LOOP(b) {
        memcpy(z, in, 2 * n * sizeof *z);
        gsl_fft_complex_radix2_forward(z, 1, n);
        TARE_ESCAPE(z);
    }
    /* The first coefficient is the sum of the input: 1 when it is, within
     * rounding, and the same on every machine. */
    for (size_t i = 0; i < n; i++)
        sum += in[2 * i];
    tare_items(b, n);
    tare_result(b, fabs(z[0] - sum) < 1e-9 * sum);
    free(z);
    free(in);
}

TARE_BENCH(matmul, .args = "n=64", .tags = "numeric")
{
    size_t n = (size_t)tare_int(b, "n");
    double *xs = random_values(n * n), *ys = random_values(n * n);
    double *zs = input_alloc(n * n * sizeof *zs);
    gsl_matrix_view x = gsl_matrix_view_array(xs, n, n);
    gsl_matrix_view y = gsl_matrix_view_array(ys, n, n);
    gsl_matrix_view z = gsl_matrix_view_array(zs, n, n);
    double corner = 0;

    TARE_LOOP(b) {
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, &x.matrix, &y.matrix, 0,
                       &z.matrix);
        TARE_ESCAPE(zs);
    }
    for (size_t k = 0; k < n; k++)
        corner += xs[k] * ys[k * n];
    tare_items(b, 2 * n * n * n); /* multiplications and additions */
    tare_result(b, fabs(zs[0] - corner) < 1e-9 * corner);
    free(zs);
    free(ys);
    free(xs);
}
