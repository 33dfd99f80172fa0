/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#ifndef EDGE_TRAINER_SWITCHES_H
#define EDGE_TRAINER_SWITCHES_H

/* Parts of a build: all are in it, but for those that a small board leaves out (-DET_WITH_SVM_KERNEL=0). */
#ifndef ET_WITH_SVM_LINEAR
#define ET_WITH_SVM_LINEAR 1 /* Support vector machine, linear */
#endif
#ifndef ET_WITH_SVM_KERNEL
#define ET_WITH_SVM_KERNEL 1 /* Support vector machine with kernel */
#endif
#ifndef ET_WITH_ESN
#define ET_WITH_ESN 1 /* Echo state network */
#endif
#ifndef ET_WITH_CORRELATION
#define ET_WITH_CORRELATION 1 /* Correlation features */
#endif
#ifndef ET_WITH_PROCESS
#define ET_WITH_PROCESS 1 /* Slow process */
#endif
#ifndef ET_WITH_DNN
#define ET_WITH_DNN 1 /* Network */
#endif
#ifndef ET_WITH_PMV
#define ET_WITH_PMV 1 /* start rule of the predicted mean vote; without it such definitions are refused */
#endif
#ifndef ET_WITH_LINE_SETTINGS
#define ET_WITH_LINE_SETTINGS 1 /* change of the line's settings; without it the line stays as built */
#endif
#ifndef ET_WITH_LOCAL_IO
#define ET_WITH_LOCAL_IO 1 /* the loop that the board closes by itself, on its own channels */
#endif
#ifndef ET_WITH_NEIGHBOURS
#define ET_WITH_NEIGHBOURS 1 /* replacement of samples that their neighbours contradict; without it time alone replaces */
#endif
#ifndef ET_WITH_STATE_1
#define ET_WITH_STATE_1 1 /* reading of states that firmware 0.1 saved */
#endif

/* In a build with a model that needs them. */
#define ET_WITH_STREAM (ET_WITH_ESN || ET_WITH_CORRELATION || ET_WITH_PROCESS || ET_WITH_DNN) /* models that listen to a stream */
#define ET_WITH_OUTPUTS (ET_WITH_DNN) /* continuous outputs */
#define ET_WITH_ARRAY (ET_WITH_DNN) /* a feature that is an array */

#endif
