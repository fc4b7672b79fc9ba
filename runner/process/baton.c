/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/process/baton.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct baton {
    pthread_mutex_t mutex;
    pthread_cond_t told;
};

int baton_open(struct baton **out, struct error *err)
{
    struct baton *baton = calloc(1, sizeof *baton);

    if (!baton)
        return ERROR(err, ERR_NOMEM, "no memory for a lock");
    errno = pthread_mutex_init(&baton->mutex, NULL);
    if (errno) {
        free(baton);
        return ERROR(err, ERR_SYS, "cannot make a lock");
    }
    errno = pthread_cond_init(&baton->told, NULL);
    if (errno) {
        pthread_mutex_destroy(&baton->mutex);
        free(baton);
        return ERROR(err, ERR_SYS, "cannot make a lock");
    }
    *out = baton;
    return 0;
}

void baton_close(struct baton *baton)
{
    if (!baton)
        return;
    pthread_cond_destroy(&baton->told);
    pthread_mutex_destroy(&baton->mutex);
    free(baton);
}

void baton_take(struct baton *baton)
{
    if (baton)
        pthread_mutex_lock(&baton->mutex);
}

void baton_pass(struct baton *baton)
{
    if (baton)
        pthread_mutex_unlock(&baton->mutex);
}

void baton_sleep(struct baton *baton)
{
    pthread_cond_wait(&baton->told, &baton->mutex);
}

void baton_tell(struct baton *baton)
{
    pthread_cond_broadcast(&baton->told);
}
