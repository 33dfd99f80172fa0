// Generated from firmware/contract by `npm run generate`. Do not edit.

/** JSON schema of the trainer definition; valid (draft 7 and later) on its own. */
export const definitionSchema = {
  "$id": "https://edge-trainer.github.io/definition-1.json",
  "title": "Edge Trainer definition",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "model"
  ],
  "properties": {
    "$schema": {
      "type": "string",
      "description": "for editors; not used"
    },
    "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "description": "name of the trainer, for people",
      "default": "trainer"
    },
    "board": {
      "type": "string",
      "minLength": 1,
      "maxLength": 32,
      "description": "board that runs the trainer; its memory limits the definition",
      "default": "virtual"
    },
    "features": {
      "type": "array",
      "minItems": 1,
      "maxItems": 120,
      "items": {
        "type": "object",
        "description": "one measured value",
        "properties": {
          "name": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "description": "name, unique in the definition; messages name the value by it"
          },
          "id": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "description": "identity, unique in the definition: keep it when the name changes, and what was learned stays; two entries may change places at any time",
            "x-default": "the name"
          },
          "unit": {
            "type": "string",
            "minLength": 0,
            "maxLength": 16,
            "description": "engineering unit",
            "default": ""
          },
          "min": {
            "type": "number",
            "minimum": -1000000000,
            "maximum": 1000000000,
            "description": "smallest expected value"
          },
          "max": {
            "type": "number",
            "minimum": -1000000000,
            "maximum": 1000000000,
            "description": "largest expected value"
          },
          "scale": {
            "type": "number",
            "minimum": 0.000001,
            "maximum": 1000000,
            "description": "register units per engineering unit: the register holds round(value * scale)",
            "x-default": "the largest power of ten, at most 1000, that keeps min and max within a register; more where the range would have fewer than 1000 steps"
          },
          "count": {
            "type": "integer",
            "minimum": 2,
            "maximum": 32768,
            "description": "the feature is an array of so many values, such as an image: one byte each, sent in pages. It is the only feature then (networks)",
            "x-default": "none: the feature is one value in one register"
          },
          "streamChannels": {
            "type": "integer",
            "minimum": 1,
            "maximum": 8,
            "description": "the array is a window of a stream: its newest values, of so many channels one after the other, as a master streams them or the board samples them. The number of values is a multiple of it",
            "x-default": "none: a message gives the array"
          }
        },
        "required": [
          "name",
          "min",
          "max"
        ],
        "additionalProperties": false
      },
      "description": "inputs of a decision, in the order of the registers (support vector machines, networks)"
    },
    "channels": {
      "type": "array",
      "minItems": 1,
      "maxItems": 8,
      "items": {
        "type": "object",
        "description": "one channel of the stream",
        "properties": {
          "name": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "description": "name, unique in the definition; messages name the value by it"
          },
          "id": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "description": "identity, unique in the definition: keep it when the name changes, and what was learned stays; two entries may change places at any time",
            "x-default": "the name"
          },
          "unit": {
            "type": "string",
            "minLength": 0,
            "maxLength": 16,
            "description": "engineering unit",
            "default": ""
          },
          "min": {
            "type": "number",
            "minimum": -1000000000,
            "maximum": 1000000000,
            "description": "smallest expected value"
          },
          "max": {
            "type": "number",
            "minimum": -1000000000,
            "maximum": 1000000000,
            "description": "largest expected value"
          },
          "scale": {
            "type": "number",
            "minimum": 0.000001,
            "maximum": 1000000,
            "description": "register units per engineering unit: the register holds round(value * scale)",
            "x-default": "the largest power of ten, at most 1000, that keeps min and max within a register; more where the range would have fewer than 1000 steps"
          },
          "count": {
            "type": "integer",
            "minimum": 2,
            "maximum": 32768,
            "description": "the feature is an array of so many values, such as an image: one byte each, sent in pages. It is the only feature then (networks)",
            "x-default": "none: the feature is one value in one register"
          },
          "streamChannels": {
            "type": "integer",
            "minimum": 1,
            "maximum": 8,
            "description": "the array is a window of a stream: its newest values, of so many channels one after the other, as a master streams them or the board samples them. The number of values is a multiple of it",
            "x-default": "none: a message gives the array"
          }
        },
        "required": [
          "name",
          "min",
          "max"
        ],
        "additionalProperties": false
      },
      "description": "signals of a stream model, in the order of the registers (correlation, process, esn, autoencoder)"
    },
    "classes": {
      "type": "array",
      "minItems": 2,
      "maxItems": 16,
      "items": {
        "type": "object",
        "description": "one class that can be decided",
        "properties": {
          "label": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "description": "label, unique in the definition"
          },
          "id": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "description": "identity, unique in the definition: keep it when the label changes, and what was learned stays; two entries may change places at any time",
            "x-default": "the label"
          },
          "actuation": {
            "type": "integer",
            "minimum": -32768,
            "maximum": 32767,
            "description": "value of the actuation register when this class is decided",
            "x-default": "the index of the class"
          },
          "holdSeconds": {
            "type": "integer",
            "minimum": 0,
            "maximum": 65535,
            "description": "minimum time that the plant stays in this class; 0 = none",
            "default": 0,
            "x-unit": "s"
          },
          "opposed": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "string",
              "maxLength": 64,
              "description": "label of a class"
            },
            "description": "classes that never directly follow this one, and that this one never directly follows",
            "default": []
          },
          "weight": {
            "type": "number",
            "minimum": 0.00390625,
            "maximum": 255,
            "description": "weight in the training loss, in steps of 1/256; counts with the class weights \"explicit\" only",
            "default": 1
          }
        },
        "required": [
          "label"
        ],
        "additionalProperties": false
      },
      "description": "possible decisions, in the order of the class index (support vector machines, networks)"
    },
    "outputs": {
      "type": "array",
      "minItems": 1,
      "maxItems": 8,
      "items": {
        "type": "object",
        "description": "one continuous output",
        "properties": {
          "name": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "description": "name, unique in the definition; messages name the value by it"
          },
          "id": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "description": "identity, unique in the definition: keep it when the name changes, and what was learned stays; two entries may change places at any time",
            "x-default": "the name"
          },
          "unit": {
            "type": "string",
            "minLength": 0,
            "maxLength": 16,
            "description": "engineering unit",
            "default": ""
          },
          "min": {
            "type": "number",
            "minimum": -1000000000,
            "maximum": 1000000000,
            "description": "smallest value that the plant gets, and smallest target"
          },
          "max": {
            "type": "number",
            "minimum": -1000000000,
            "maximum": 1000000000,
            "description": "largest value that the plant gets, and largest target"
          },
          "scale": {
            "type": "number",
            "minimum": 0.000001,
            "maximum": 1000000,
            "description": "register units per engineering unit: the register holds round(value * scale)",
            "x-default": "as of a feature"
          },
          "tolerance": {
            "type": "number",
            "minimum": 0,
            "maximum": 1000000000,
            "description": "a decision is satisfactory when every output is this near to its target",
            "x-default": "a fiftieth of the range"
          },
          "initial": {
            "type": "number",
            "minimum": -1000000000,
            "maximum": 1000000000,
            "description": "value while nothing was learned yet",
            "x-default": "the middle of the range"
          },
          "maxChange": {
            "type": "number",
            "minimum": 0,
            "maximum": 1000000000,
            "description": "most that the value moves from one decision to the next; 0 = no limit. The first decision after a start is given whole",
            "default": 0
          }
        },
        "required": [
          "name",
          "min",
          "max"
        ],
        "additionalProperties": false
      },
      "description": "continuous values in place of classes, in the order of the registers (networks)"
    },
    "defaultClass": {
      "type": "string",
      "minLength": 1,
      "maxLength": 64,
      "description": "label of the class to decide before anything was learned",
      "x-default": "the first class"
    },
    "storage": {
      "type": "string",
      "enum": [
        "int8",
        "int16"
      ],
      "description": "storage of a stitched sample: int8 takes half the memory, int16 keeps finer steps",
      "default": "int8"
    },
    "scaling": {
      "type": "string",
      "enum": [
        "range",
        "standard"
      ],
      "description": "how features reach the model: by their range, or standardised by the mean and deviation of the stored samples",
      "default": "range"
    },
    "outOfRange": {
      "type": "string",
      "enum": [
        "refuse",
        "clamp"
      ],
      "description": "a value outside its range: refuse the request, or take the nearest value in range (clamp)",
      "default": "refuse"
    },
    "seed": {
      "type": "integer",
      "minimum": 0,
      "maximum": 4294967295,
      "description": "seed of every random choice on the board",
      "default": 1
    },
    "model": {
      "type": "object",
      "description": "the model that learns",
      "discriminator": {
        "propertyName": "type"
      },
      "required": [
        "type"
      ],
      "oneOf": [
        {
          "type": "object",
          "description": "draws straight borders between the classes. Small, fast, trained in integers by dual coordinate descent: right for most loops",
          "properties": {
            "type": {
              "type": "string",
              "const": "svm-linear",
              "description": "Support vector machine, linear"
            },
            "cost": {
              "type": "number",
              "minimum": 0.0001,
              "maximum": 10000,
              "description": "C, the price of a violated margin: larger fits the samples closer",
              "default": 1
            },
            "tolerance": {
              "type": "number",
              "minimum": 0.000001,
              "maximum": 1,
              "description": "training stops when the largest violation of the optimality conditions is below this",
              "default": 0.01
            },
            "maxEpochs": {
              "type": "integer",
              "minimum": 1,
              "maximum": 65535,
              "description": "iteration bound: passes over the data (linear) or thousands of working sets (kernel)",
              "default": 1000
            },
            "classWeights": {
              "type": "string",
              "enum": [
                "none",
                "balanced",
                "explicit"
              ],
              "description": "weight of a class in the loss: none, balanced (inversely to its number of samples), or explicit (that of the class)",
              "default": "balanced"
            },
            "warmStart": {
              "type": "boolean",
              "description": "start each training from the solution of the last one",
              "default": true
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "description": "draws curved borders between the classes, trained by sequential minimal optimisation. Needs more memory and time",
          "properties": {
            "type": {
              "type": "string",
              "const": "svm-kernel",
              "description": "Support vector machine with kernel"
            },
            "cost": {
              "type": "number",
              "minimum": 0.0001,
              "maximum": 10000,
              "description": "C, the price of a violated margin: larger fits the samples closer",
              "default": 1
            },
            "tolerance": {
              "type": "number",
              "minimum": 0.000001,
              "maximum": 1,
              "description": "training stops when the largest violation of the optimality conditions is below this",
              "default": 0.01
            },
            "maxEpochs": {
              "type": "integer",
              "minimum": 1,
              "maximum": 65535,
              "description": "iteration bound: passes over the data (linear) or thousands of working sets (kernel)",
              "default": 1000
            },
            "classWeights": {
              "type": "string",
              "enum": [
                "none",
                "balanced",
                "explicit"
              ],
              "description": "weight of a class in the loss: none, balanced (inversely to its number of samples), or explicit (that of the class)",
              "default": "balanced"
            },
            "warmStart": {
              "type": "boolean",
              "description": "start each training from the solution of the last one",
              "default": true
            },
            "kernel": {
              "type": "string",
              "enum": [
                "rbf",
                "polynomial",
                "linear"
              ],
              "description": "kernel function: shape of the borders",
              "default": "rbf"
            },
            "gamma": {
              "type": "number",
              "minimum": 0,
              "maximum": 1000,
              "description": "width of the RBF and polynomial kernels, on features scaled to -1..1; 0 = 1 / number of features",
              "default": 0
            },
            "coef0": {
              "type": "number",
              "minimum": -1000,
              "maximum": 1000,
              "description": "constant term of the polynomial kernel",
              "default": 1
            },
            "degree": {
              "type": "integer",
              "minimum": 1,
              "maximum": 5,
              "description": "degree of the polynomial kernel",
              "default": 3
            },
            "svBudget": {
              "type": "integer",
              "minimum": 0,
              "maximum": 65535,
              "description": "most support vectors kept per pair of classes; 0 = as many as the data set holds",
              "default": 0
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "description": "a straight and a curved border (linear and RBF) side by side: two voices, and who has been right more often counts more. Needs the memory of both; the RBF one takes 0.3 of the cost",
          "properties": {
            "type": {
              "type": "string",
              "const": "svm-both",
              "description": "Both support vector machines"
            },
            "cost": {
              "type": "number",
              "minimum": 0.0001,
              "maximum": 10000,
              "description": "C, the price of a violated margin: larger fits the samples closer",
              "default": 1
            },
            "tolerance": {
              "type": "number",
              "minimum": 0.000001,
              "maximum": 1,
              "description": "training stops when the largest violation of the optimality conditions is below this",
              "default": 0.01
            },
            "maxEpochs": {
              "type": "integer",
              "minimum": 1,
              "maximum": 65535,
              "description": "iteration bound: passes over the data (linear) or thousands of working sets (kernel)",
              "default": 1000
            },
            "classWeights": {
              "type": "string",
              "enum": [
                "none",
                "balanced",
                "explicit"
              ],
              "description": "weight of a class in the loss: none, balanced (inversely to its number of samples), or explicit (that of the class)",
              "default": "balanced"
            },
            "warmStart": {
              "type": "boolean",
              "description": "start each training from the solution of the last one",
              "default": true
            },
            "gamma": {
              "type": "number",
              "minimum": 0,
              "maximum": 1000,
              "description": "width of the RBF and polynomial kernels, on features scaled to -1..1; 0 = 1 / number of features",
              "default": 0
            },
            "svBudget": {
              "type": "integer",
              "minimum": 0,
              "maximum": 65535,
              "description": "most support vectors kept per pair of classes; 0 = as many as the data set holds",
              "default": 0
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "description": "learns what a healthy signal sounds like, and raises an alarm when the signal differs",
          "properties": {
            "type": {
              "type": "string",
              "const": "esn",
              "description": "Echo state network"
            },
            "units": {
              "type": "integer",
              "minimum": 16,
              "maximum": 200,
              "description": "units of the reservoir: more hear finer differences and take more memory",
              "default": 64
            },
            "reservoir": {
              "type": "string",
              "enum": [
                "cycle",
                "sparse"
              ],
              "description": "topology: a simple cycle, or sparse random connections",
              "default": "cycle"
            },
            "readout": {
              "type": "string",
              "enum": [
                "ridge",
                "rls"
              ],
              "description": "how the readout learns: ridge regression at once, or recursive least squares sample by sample",
              "default": "ridge"
            },
            "cycleWeight": {
              "type": "number",
              "minimum": 0,
              "maximum": 1,
              "description": "weight of the cycle, or spectral radius of a sparse reservoir",
              "default": 0.9
            },
            "inputWeight": {
              "type": "number",
              "minimum": 0.001,
              "maximum": 1.99,
              "description": "magnitude of every input weight",
              "default": 0.25
            },
            "leak": {
              "type": "number",
              "minimum": 0.01,
              "maximum": 1,
              "description": "leak rate of the units; 1 = no leak",
              "default": 1
            },
            "ridge": {
              "type": "number",
              "minimum": 0.000001,
              "maximum": 1,
              "description": "regularisation, relative to the mean diagonal of the Gram matrix",
              "default": 0.0001
            },
            "washout": {
              "type": "integer",
              "minimum": 0,
              "maximum": 4096,
              "description": "samples ignored after a start or a gap",
              "default": 50,
              "x-unit": "sample"
            },
            "window": {
              "type": "integer",
              "minimum": 8,
              "maximum": 1024,
              "description": "samples per score",
              "default": 50,
              "x-unit": "sample"
            },
            "hop": {
              "type": "integer",
              "minimum": 1,
              "maximum": 1024,
              "description": "samples between two scores; the window is 1 to 32 of them",
              "x-unit": "sample",
              "x-default": "the window"
            },
            "calibration": {
              "type": "integer",
              "minimum": 100,
              "maximum": 65535,
              "description": "windows that the threshold is calibrated on",
              "default": 200,
              "x-unit": "window"
            },
            "falseAlarm": {
              "type": "number",
              "minimum": 0.00001,
              "maximum": 0.2,
              "description": "design probability that a healthy window is over the threshold",
              "default": 0.01
            },
            "alarmOn": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "windows in a row over the threshold that raise the alarm",
              "default": 3,
              "x-unit": "window"
            },
            "alarmOff": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "windows in a row that score like healthy ones and end the alarm",
              "default": 3,
              "x-unit": "window"
            },
            "patterns": {
              "type": "integer",
              "minimum": 0,
              "maximum": 16,
              "description": "anomaly patterns that the board tells apart, at most",
              "default": 8
            },
            "decimation": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "samples averaged into one; 1 = every sample",
              "default": 1
            },
            "forgetting": {
              "type": "number",
              "exclusiveMinimum": 0.9,
              "maximum": 1,
              "description": "forgetting factor of recursive least squares",
              "default": 0.999
            },
            "learningSamples": {
              "type": "integer",
              "minimum": 145,
              "maximum": 1000000,
              "description": "samples of a learning phase, before calibration",
              "default": 2000,
              "x-unit": "sample"
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "description": "learns the level, the autocorrelation and the joint movement of healthy channels, and raises an alarm when they change. Cheaper than the echo state network, and better on the recordings that it was measured on",
          "properties": {
            "type": {
              "type": "string",
              "const": "correlation",
              "description": "Correlation features"
            },
            "window": {
              "type": "integer",
              "minimum": 8,
              "maximum": 1024,
              "description": "samples per score",
              "default": 64,
              "x-unit": "sample"
            },
            "hop": {
              "type": "integer",
              "minimum": 1,
              "maximum": 1024,
              "description": "samples between two learned windows; the window is 1 to 32 of them",
              "x-unit": "sample",
              "x-default": "a quarter of the window, or the window when it has no whole quarter"
            },
            "scoreEvery": {
              "type": "integer",
              "minimum": 1,
              "maximum": 32,
              "description": "hops between two scored windows",
              "x-default": "as many as a window has: scored windows share no sample"
            },
            "lags": {
              "type": "integer",
              "minimum": 1,
              "maximum": 16,
              "description": "lags of the autocorrelation: how far back a sample is compared",
              "default": 12
            },
            "learningWindows": {
              "type": "integer",
              "minimum": 64,
              "maximum": 65535,
              "description": "windows to learn the healthy signal from, a hop apart",
              "default": 240,
              "x-unit": "window"
            },
            "covariance": {
              "type": "string",
              "enum": [
                "full",
                "diagonal"
              ],
              "description": "how features are combined: by their full covariance, or each by its own deviation (a tenth of the memory, for small boards)",
              "default": "full"
            },
            "regimes": {
              "type": "integer",
              "minimum": 1,
              "maximum": 8,
              "description": "places for operating regimes (speeds, loads) that are learned one by one",
              "default": 1
            },
            "context": {
              "type": "string",
              "minLength": 0,
              "maxLength": 32,
              "description": "name of the channel that gives the operating point (speed, load) and is not scored itself; empty = none",
              "default": ""
            },
            "contextTolerance": {
              "type": "number",
              "minimum": 0,
              "maximum": 65535,
              "description": "how far the context may lie outside the range that a regime learned, in the unit of the context",
              "default": 0
            },
            "falseAlarm": {
              "type": "number",
              "minimum": 0.00001,
              "maximum": 0.2,
              "description": "design probability that a healthy window is over the threshold",
              "default": 0.01
            },
            "offShare": {
              "type": "number",
              "minimum": 0.000001,
              "maximum": 0.5,
              "description": "the machine counts as off below this share of the learned level (RMS): its windows are neither scored nor learned",
              "default": 0.05
            },
            "alarmOn": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "fewest windows that raise the alarm, when they are far from healthy",
              "default": 3,
              "x-unit": "window"
            },
            "alarmOff": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "windows in a row that score like healthy ones and end the alarm",
              "default": 3,
              "x-unit": "window"
            },
            "patterns": {
              "type": "integer",
              "minimum": 0,
              "maximum": 16,
              "description": "anomaly patterns that the board tells apart, at most",
              "default": 8
            },
            "decimation": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "samples averaged into one; 1 = every sample",
              "default": 1
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "description": "learns how slow channels (temperatures, pressures, flows) follow each other, and raises an alarm when they no longer do",
          "properties": {
            "type": {
              "type": "string",
              "const": "process",
              "description": "Slow process"
            },
            "window": {
              "type": "integer",
              "minimum": 1,
              "maximum": 64,
              "description": "samples that the residuals are averaged over",
              "default": 10,
              "x-unit": "sample"
            },
            "lags": {
              "type": "integer",
              "minimum": 1,
              "maximum": 8,
              "description": "past samples that a prediction uses: order of the vector autoregression",
              "default": 3
            },
            "learningSamples": {
              "type": "integer",
              "minimum": 100,
              "maximum": 1000000,
              "description": "samples to learn the healthy process from",
              "default": 2000,
              "x-unit": "sample"
            },
            "ridge": {
              "type": "number",
              "minimum": 0.000001,
              "maximum": 1,
              "description": "regularisation, relative to the mean diagonal of the Gram matrix",
              "default": 0.01
            },
            "margin": {
              "type": "number",
              "minimum": 1,
              "maximum": 10,
              "description": "threshold, as a multiple of the largest score learned",
              "default": 2
            },
            "alarmOn": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "fewest windows that raise the alarm, when they are far from healthy",
              "default": 3,
              "x-unit": "window"
            },
            "alarmOff": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "windows in a row that score like healthy ones and end the alarm",
              "default": 3,
              "x-unit": "window"
            },
            "patterns": {
              "type": "integer",
              "minimum": 0,
              "maximum": 16,
              "description": "anomaly patterns that the board tells apart, at most",
              "default": 8
            },
            "decimation": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "samples averaged into one; 1 = every sample",
              "default": 1
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "description": "a network of layers, trained on the board by stochastic gradient descent. For features with structure, such as pixels or windows, and for many samples; needs a board with memory",
          "properties": {
            "type": {
              "type": "string",
              "const": "dnn",
              "description": "Network"
            },
            "height": {
              "type": "integer",
              "minimum": 1,
              "maximum": 120,
              "description": "height of the input: the features are read as rows of pixels of channels",
              "default": 1
            },
            "width": {
              "type": "integer",
              "minimum": 0,
              "maximum": 120,
              "description": "width of the input; 0 = as many as there are features",
              "default": 0
            },
            "channels": {
              "type": "integer",
              "minimum": 1,
              "maximum": 120,
              "description": "channels of the input: values of each pixel",
              "default": 1
            },
            "format": {
              "type": "string",
              "enum": [
                "q8",
                "f32"
              ],
              "description": "numbers of the network: q8 holds weights, activations, errors and gradients in bytes, which takes a quarter of the memory and runs fast on small boards; f32 is floating point",
              "default": "q8"
            },
            "layers": {
              "type": "array",
              "minItems": 1,
              "maxItems": 32,
              "items": {
                "type": "object",
                "description": "one layer",
                "discriminator": {
                  "propertyName": "kind"
                },
                "required": [
                  "kind"
                ],
                "oneOf": [
                  {
                    "type": "object",
                    "description": "every unit reads all inputs",
                    "properties": {
                      "kind": {
                        "type": "string",
                        "const": "dense",
                        "description": "Dense"
                      },
                      "units": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 4096,
                        "description": "units; in the last layer one for each class"
                      },
                      "activation": {
                        "type": "string",
                        "enum": [
                          "linear",
                          "relu",
                          "relu6"
                        ],
                        "description": "function that each output goes through",
                        "default": "linear"
                      },
                      "update": {
                        "type": "string",
                        "enum": [
                          "frozen",
                          "bias",
                          "all"
                        ],
                        "description": "what training changes: nothing (frozen), biases, which need little memory, or weights and biases (all); a layer that training does not change needs imported or restored weights",
                        "default": "all"
                      },
                      "format": {
                        "type": "string",
                        "enum": [
                          "network",
                          "q8",
                          "f32"
                        ],
                        "description": "numbers of the layer: those of the network, or its own; layers that read the same layer have the same",
                        "default": "network"
                      },
                      "trainedRows": {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": 4096,
                        "description": "with update \"all\": training changes the weights of only so many units or filters, from the first; 0 = of all",
                        "default": 0
                      },
                      "input": {
                        "description": "what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; \"network\" = the input of the network",
                        "anyOf": [
                          {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 32
                          },
                          {
                            "type": "string",
                            "const": "network"
                          }
                        ],
                        "default": 0
                      }
                    },
                    "required": [
                      "kind",
                      "units"
                    ],
                    "additionalProperties": false
                  },
                  {
                    "type": "object",
                    "description": "convolution; in one dimension the height is 1",
                    "properties": {
                      "kind": {
                        "type": "string",
                        "const": "conv",
                        "description": "Convolution"
                      },
                      "filters": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 4096,
                        "description": "filters: channels of what the layer gives"
                      },
                      "kernelHeight": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "height of the window; 1 where the input is one row",
                        "default": 1
                      },
                      "kernelWidth": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "width of the window: columns that the layer sees at a time"
                      },
                      "strideHeight": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "rows that the window moves per step; a pool that says 0 moves by its height",
                        "default": 1
                      },
                      "strideWidth": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "columns that the window moves per step; a pool that says 0 moves by its width",
                        "default": 1
                      },
                      "padding": {
                        "type": "string",
                        "enum": [
                          "valid",
                          "same"
                        ],
                        "description": "what the layer sees beyond the edge of its input: nothing (valid), or zeros, so that a step of 1 keeps the size (same)",
                        "default": "valid"
                      },
                      "activation": {
                        "type": "string",
                        "enum": [
                          "linear",
                          "relu",
                          "relu6"
                        ],
                        "description": "function that each output goes through",
                        "default": "linear"
                      },
                      "update": {
                        "type": "string",
                        "enum": [
                          "frozen",
                          "bias",
                          "all"
                        ],
                        "description": "what training changes: nothing (frozen), biases, which need little memory, or weights and biases (all); a layer that training does not change needs imported or restored weights",
                        "default": "all"
                      },
                      "format": {
                        "type": "string",
                        "enum": [
                          "network",
                          "q8",
                          "f32"
                        ],
                        "description": "numbers of the layer: those of the network, or its own; layers that read the same layer have the same",
                        "default": "network"
                      },
                      "trainedRows": {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": 4096,
                        "description": "with update \"all\": training changes the weights of only so many units or filters, from the first; 0 = of all",
                        "default": 0
                      },
                      "input": {
                        "description": "what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; \"network\" = the input of the network",
                        "anyOf": [
                          {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 32
                          },
                          {
                            "type": "string",
                            "const": "network"
                          }
                        ],
                        "default": 0
                      }
                    },
                    "required": [
                      "kind",
                      "filters",
                      "kernelWidth"
                    ],
                    "additionalProperties": false
                  },
                  {
                    "type": "object",
                    "description": "convolution of each channel by itself",
                    "properties": {
                      "kind": {
                        "type": "string",
                        "const": "depthwise",
                        "description": "Depthwise convolution"
                      },
                      "multiplier": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 4096,
                        "description": "filters for each channel",
                        "default": 1
                      },
                      "kernelHeight": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "height of the window; 1 where the input is one row",
                        "default": 1
                      },
                      "kernelWidth": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "width of the window: columns that the layer sees at a time"
                      },
                      "strideHeight": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "rows that the window moves per step; a pool that says 0 moves by its height",
                        "default": 1
                      },
                      "strideWidth": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "columns that the window moves per step; a pool that says 0 moves by its width",
                        "default": 1
                      },
                      "padding": {
                        "type": "string",
                        "enum": [
                          "valid",
                          "same"
                        ],
                        "description": "what the layer sees beyond the edge of its input: nothing (valid), or zeros, so that a step of 1 keeps the size (same)",
                        "default": "valid"
                      },
                      "activation": {
                        "type": "string",
                        "enum": [
                          "linear",
                          "relu",
                          "relu6"
                        ],
                        "description": "function that each output goes through",
                        "default": "linear"
                      },
                      "update": {
                        "type": "string",
                        "enum": [
                          "frozen",
                          "bias",
                          "all"
                        ],
                        "description": "what training changes: nothing (frozen), biases, which need little memory, or weights and biases (all); a layer that training does not change needs imported or restored weights",
                        "default": "all"
                      },
                      "format": {
                        "type": "string",
                        "enum": [
                          "network",
                          "q8",
                          "f32"
                        ],
                        "description": "numbers of the layer: those of the network, or its own; layers that read the same layer have the same",
                        "default": "network"
                      },
                      "input": {
                        "description": "what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; \"network\" = the input of the network",
                        "anyOf": [
                          {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 32
                          },
                          {
                            "type": "string",
                            "const": "network"
                          }
                        ],
                        "default": 0
                      }
                    },
                    "required": [
                      "kind",
                      "kernelWidth"
                    ],
                    "additionalProperties": false
                  },
                  {
                    "type": "object",
                    "description": "largest value of a window",
                    "properties": {
                      "kind": {
                        "type": "string",
                        "const": "max-pool",
                        "description": "Maximum pool"
                      },
                      "kernelHeight": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "height of the window; 1 where the input is one row",
                        "default": 1
                      },
                      "kernelWidth": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "width of the window: columns that the layer sees at a time"
                      },
                      "strideHeight": {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": 255,
                        "description": "rows that the window moves per step; a pool that says 0 moves by its height",
                        "default": 0
                      },
                      "strideWidth": {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": 255,
                        "description": "columns that the window moves per step; a pool that says 0 moves by its width",
                        "default": 0
                      },
                      "padding": {
                        "type": "string",
                        "enum": [
                          "valid",
                          "same"
                        ],
                        "description": "what the layer sees beyond the edge of its input: nothing (valid), or zeros, so that a step of 1 keeps the size (same)",
                        "default": "valid"
                      },
                      "input": {
                        "description": "what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; \"network\" = the input of the network",
                        "anyOf": [
                          {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 32
                          },
                          {
                            "type": "string",
                            "const": "network"
                          }
                        ],
                        "default": 0
                      }
                    },
                    "required": [
                      "kind",
                      "kernelWidth"
                    ],
                    "additionalProperties": false
                  },
                  {
                    "type": "object",
                    "description": "mean of a window",
                    "properties": {
                      "kind": {
                        "type": "string",
                        "const": "average-pool",
                        "description": "Average pool"
                      },
                      "kernelHeight": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "height of the window; 1 where the input is one row",
                        "default": 1
                      },
                      "kernelWidth": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 255,
                        "description": "width of the window: columns that the layer sees at a time"
                      },
                      "strideHeight": {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": 255,
                        "description": "rows that the window moves per step; a pool that says 0 moves by its height",
                        "default": 0
                      },
                      "strideWidth": {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": 255,
                        "description": "columns that the window moves per step; a pool that says 0 moves by its width",
                        "default": 0
                      },
                      "padding": {
                        "type": "string",
                        "enum": [
                          "valid",
                          "same"
                        ],
                        "description": "what the layer sees beyond the edge of its input: nothing (valid), or zeros, so that a step of 1 keeps the size (same)",
                        "default": "valid"
                      },
                      "input": {
                        "description": "what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; \"network\" = the input of the network",
                        "anyOf": [
                          {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 32
                          },
                          {
                            "type": "string",
                            "const": "network"
                          }
                        ],
                        "default": 0
                      }
                    },
                    "required": [
                      "kind",
                      "kernelWidth"
                    ],
                    "additionalProperties": false
                  },
                  {
                    "type": "object",
                    "description": "mean of each channel",
                    "properties": {
                      "kind": {
                        "type": "string",
                        "const": "global-average-pool",
                        "description": "Global average pool"
                      },
                      "input": {
                        "description": "what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; \"network\" = the input of the network",
                        "anyOf": [
                          {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 32
                          },
                          {
                            "type": "string",
                            "const": "network"
                          }
                        ],
                        "default": 0
                      }
                    },
                    "required": [
                      "kind"
                    ],
                    "additionalProperties": false
                  },
                  {
                    "type": "object",
                    "description": "the same values in one row",
                    "properties": {
                      "kind": {
                        "type": "string",
                        "const": "flatten",
                        "description": "Flatten"
                      },
                      "input": {
                        "description": "what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; \"network\" = the input of the network",
                        "anyOf": [
                          {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 32
                          },
                          {
                            "type": "string",
                            "const": "network"
                          }
                        ],
                        "default": 0
                      }
                    },
                    "required": [
                      "kind"
                    ],
                    "additionalProperties": false
                  },
                  {
                    "type": "object",
                    "description": "sum of two layers of the same shape: residual blocks",
                    "properties": {
                      "kind": {
                        "type": "string",
                        "const": "add",
                        "description": "Sum of two layers"
                      },
                      "other": {
                        "description": "the second layer that the sum reads, by its number; \"network\" = the input of the network. Both have the same shape",
                        "anyOf": [
                          {
                            "type": "integer",
                            "minimum": 1,
                            "maximum": 32
                          },
                          {
                            "type": "string",
                            "const": "network"
                          }
                        ]
                      },
                      "activation": {
                        "type": "string",
                        "enum": [
                          "linear",
                          "relu",
                          "relu6"
                        ],
                        "description": "function that each output goes through",
                        "default": "linear"
                      },
                      "input": {
                        "description": "what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; \"network\" = the input of the network",
                        "anyOf": [
                          {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 32
                          },
                          {
                            "type": "string",
                            "const": "network"
                          }
                        ],
                        "default": 0
                      }
                    },
                    "required": [
                      "kind",
                      "other"
                    ],
                    "additionalProperties": false
                  },
                  {
                    "type": "object",
                    "description": "probabilities; the last layer of an imported classifier, one that is trained from scratch needs none",
                    "properties": {
                      "kind": {
                        "type": "string",
                        "const": "softmax",
                        "description": "Softmax"
                      },
                      "input": {
                        "description": "what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; \"network\" = the input of the network",
                        "anyOf": [
                          {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 32
                          },
                          {
                            "type": "string",
                            "const": "network"
                          }
                        ],
                        "default": 0
                      }
                    },
                    "required": [
                      "kind"
                    ],
                    "additionalProperties": false
                  }
                ]
              },
              "description": "layers of the network, from the input to the outputs; the last one has a unit for each class, or for each output"
            },
            "rate": {
              "type": "number",
              "minimum": 0.000001,
              "maximum": 10,
              "description": "learning rate at the start of a training; it falls to 2 % along a smooth curve",
              "x-default": "0.05; with outputs 0.02"
            },
            "warmUp": {
              "type": "integer",
              "minimum": 0,
              "maximum": 50,
              "description": "percent of a training over which the learning rate rises from zero; 0 = none",
              "default": 0
            },
            "gate": {
              "type": "number",
              "minimum": 0,
              "maximum": 1,
              "description": "no update, and no backward pass, from a sample whose outputs are all nearer to their targets than this",
              "x-default": "0.1; with outputs 0.005"
            },
            "labelSmoothing": {
              "type": "integer",
              "minimum": 0,
              "maximum": 50,
              "description": "percent of each label that all classes share: few samples do not make the network certain; 0 = none. A gate below it costs time and gains accuracy. Continuous outputs have none",
              "default": 20
            },
            "lambdaMin": {
              "type": "number",
              "minimum": 0.01,
              "maximum": 1,
              "description": "smallest share of the rows or filters of a layer that one sample updates, those with the largest errors; 1 = all",
              "default": 1
            },
            "lambdaMax": {
              "type": "number",
              "minimum": 0.01,
              "maximum": 1,
              "description": "largest share of the rows or filters that one sample updates, used while the loss is large",
              "default": 1
            },
            "inputScale": {
              "type": "number",
              "minimum": 0,
              "maximum": 1000,
              "description": "value of one step of an input byte; 0 = 1/127, so that a feature reaches from -1 to 1 over its range; an imported network brings its own",
              "default": 0
            },
            "inputZero": {
              "type": "integer",
              "minimum": -128,
              "maximum": 127,
              "description": "input byte that means zero; an imported network brings its own",
              "default": 0
            },
            "epochs": {
              "type": "integer",
              "minimum": 1,
              "maximum": 65535,
              "description": "passes over the samples of one training",
              "default": 30
            },
            "patience": {
              "type": "integer",
              "minimum": 0,
              "maximum": 65535,
              "description": "epochs without a better result on the held-out samples, after which a training ends; 0 = never",
              "default": 0
            },
            "fixedRanges": {
              "type": "boolean",
              "description": "keep the activation ranges of an imported network; otherwise they follow the data",
              "default": false
            },
            "warmStart": {
              "type": "boolean",
              "description": "start each training from the running model; else from random weights",
              "default": true
            }
          },
          "required": [
            "type",
            "layers"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "description": "a network learns to reconstruct windows of healthy channels from a few numbers, and raises an alarm when it cannot. Needs the most memory and the longest training; on the recordings that it was measured on, the correlation features do better",
          "properties": {
            "type": {
              "type": "string",
              "const": "autoencoder",
              "description": "Autoencoder"
            },
            "window": {
              "type": "integer",
              "minimum": 8,
              "maximum": 256,
              "description": "samples per score; times the channels at most 256",
              "default": 64,
              "x-unit": "sample"
            },
            "hop": {
              "type": "integer",
              "minimum": 1,
              "maximum": 256,
              "description": "samples between two learned windows; the window is 1 to 32 of them",
              "x-unit": "sample",
              "x-default": "a quarter of the window, or the window when it has no whole quarter"
            },
            "scoreEvery": {
              "type": "integer",
              "minimum": 1,
              "maximum": 32,
              "description": "hops between two scored windows",
              "x-default": "as many as a window has: scored windows share no sample"
            },
            "code": {
              "type": "integer",
              "minimum": 1,
              "maximum": 64,
              "description": "numbers that a window is reconstructed from",
              "default": 16
            },
            "hidden": {
              "type": "integer",
              "minimum": 0,
              "maximum": 128,
              "description": "units of a layer before the code and of one behind it; 0 = no such layers",
              "default": 0
            },
            "format": {
              "type": "string",
              "enum": [
                "q8",
                "f32"
              ],
              "description": "numbers of the network: q8 holds weights, activations, errors and gradients in bytes, which takes a quarter of the memory and runs fast on small boards; f32 is floating point",
              "default": "q8"
            },
            "learningWindows": {
              "type": "integer",
              "minimum": 195,
              "maximum": 8192,
              "description": "windows to record, a hop apart: the network learns the first two thirds, the last third sets the healthy score",
              "default": 360,
              "x-unit": "window"
            },
            "epochs": {
              "type": "integer",
              "minimum": 1,
              "maximum": 1000,
              "description": "passes over the windows of one training",
              "default": 40
            },
            "rate": {
              "type": "number",
              "minimum": 0.001,
              "maximum": 2,
              "description": "learning rate at the start of a training, for a window as a whole; it falls to 2 % along a smooth curve",
              "default": 0.5
            },
            "falseAlarm": {
              "type": "number",
              "minimum": 0.00001,
              "maximum": 0.2,
              "description": "design probability that a healthy window is over the threshold",
              "default": 0.01
            },
            "alarmOn": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "fewest windows that raise the alarm, when they are far from healthy",
              "default": 3,
              "x-unit": "window"
            },
            "alarmOff": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "windows in a row that score like healthy ones and end the alarm",
              "default": 3,
              "x-unit": "window"
            },
            "patterns": {
              "type": "integer",
              "minimum": 0,
              "maximum": 16,
              "description": "anomaly patterns that the board tells apart, at most",
              "default": 8
            },
            "decimation": {
              "type": "integer",
              "minimum": 1,
              "maximum": 255,
              "description": "samples averaged into one; 1 = every sample",
              "default": 1
            }
          },
          "required": [
            "type"
          ],
          "additionalProperties": false
        }
      ]
    },
    "feedback": {
      "type": "object",
      "description": "closed-loop feedback: how an outcome becomes satisfactory or not, and what would have been right",
      "discriminator": {
        "propertyName": "rule"
      },
      "required": [
        "rule"
      ],
      "oneOf": [
        {
          "type": "object",
          "description": "the outcome is the right class itself: from an operator, a laboratory, a later measurement",
          "properties": {
            "rule": {
              "type": "string",
              "const": "label",
              "description": "the right label"
            },
            "settleSeconds": {
              "type": "number",
              "minimum": 0,
              "maximum": 4294967,
              "description": "minimum time from a decision to its outcome; an earlier outcome is discarded; 0 = none",
              "default": 0,
              "x-unit": "s"
            },
            "expireSeconds": {
              "type": "number",
              "minimum": 0,
              "maximum": 4294967,
              "description": "a decision older than this can no longer be judged; 0 = never",
              "default": 0,
              "x-unit": "s"
            },
            "tickets": {
              "type": "integer",
              "minimum": 1,
              "maximum": 64,
              "description": "decisions that may wait for their outcome at a time",
              "default": 8
            },
            "suspicion": {
              "type": "string",
              "enum": [
                "pause",
                "report",
                "off"
              ],
              "description": "when the feedback looks wrong (stuck, contradicting or independent of the decisions): pause learning until it agrees again, only report it, or do not look",
              "default": "pause"
            }
          },
          "required": [
            "rule"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "description": "the outcome is a process value that should stay around a set point",
          "properties": {
            "rule": {
              "type": "string",
              "const": "dead-band",
              "description": "dead band around a set point"
            },
            "setPoint": {
              "type": "number",
              "minimum": -1000000000,
              "maximum": 1000000000,
              "description": "where the process value should be"
            },
            "band": {
              "type": "number",
              "minimum": 0,
              "maximum": 1000000000,
              "description": "half width: within set point plus or minus band the outcome is satisfactory"
            },
            "tooLow": {
              "type": "string",
              "minLength": 1,
              "maxLength": 64,
              "description": "class that would have been right when the outcome is too low; after the class against \"too high\" it is the class while untrained (defaultClass), where that is neither of the two"
            },
            "tooHigh": {
              "type": "string",
              "minLength": 1,
              "maxLength": 64,
              "description": "class that would have been right when the outcome is too high; after the class against \"too low\" it is the class while untrained (defaultClass), where that is neither of the two"
            },
            "scale": {
              "type": "number",
              "minimum": 0.000001,
              "maximum": 1000000,
              "description": "register units per engineering unit: the register holds round(value * scale)",
              "x-default": "the largest power of ten, at most 1000, that leaves room for four times the set point and band"
            },
            "unit": {
              "type": "string",
              "minLength": 0,
              "maxLength": 16,
              "description": "engineering unit of the outcome",
              "default": ""
            },
            "settleSeconds": {
              "type": "number",
              "minimum": 0,
              "maximum": 4294967,
              "description": "minimum time from a decision to its outcome; an earlier outcome is discarded; 0 = none",
              "default": 0,
              "x-unit": "s"
            },
            "expireSeconds": {
              "type": "number",
              "minimum": 0,
              "maximum": 4294967,
              "description": "a decision older than this can no longer be judged; 0 = never",
              "default": 0,
              "x-unit": "s"
            },
            "tickets": {
              "type": "integer",
              "minimum": 1,
              "maximum": 64,
              "description": "decisions that may wait for their outcome at a time",
              "default": 8
            },
            "suspicion": {
              "type": "string",
              "enum": [
                "pause",
                "report",
                "off"
              ],
              "description": "when the feedback looks wrong (stuck, contradicting or independent of the decisions): pause learning until it agrees again, only report it, or do not look",
              "default": "pause"
            }
          },
          "required": [
            "rule",
            "setPoint",
            "band",
            "tooLow",
            "tooHigh"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "description": "the outcome is a process value that should stay on one side of a limit",
          "properties": {
            "rule": {
              "type": "string",
              "const": "limit",
              "description": "limit"
            },
            "limit": {
              "type": "number",
              "minimum": -1000000000,
              "maximum": 1000000000,
              "description": "border of the satisfactory side"
            },
            "side": {
              "type": "string",
              "enum": [
                "above",
                "below"
              ],
              "description": "the unsatisfactory side of the limit"
            },
            "truth": {
              "type": "string",
              "minLength": 1,
              "maxLength": 64,
              "description": "class that would have been right when the outcome is beyond the limit"
            },
            "scale": {
              "type": "number",
              "minimum": 0.000001,
              "maximum": 1000000,
              "description": "register units per engineering unit: the register holds round(value * scale)",
              "x-default": "the largest power of ten, at most 1000, that leaves room for four times the set point and band"
            },
            "unit": {
              "type": "string",
              "minLength": 0,
              "maxLength": 16,
              "description": "engineering unit of the outcome",
              "default": ""
            },
            "settleSeconds": {
              "type": "number",
              "minimum": 0,
              "maximum": 4294967,
              "description": "minimum time from a decision to its outcome; an earlier outcome is discarded; 0 = none",
              "default": 0,
              "x-unit": "s"
            },
            "expireSeconds": {
              "type": "number",
              "minimum": 0,
              "maximum": 4294967,
              "description": "a decision older than this can no longer be judged; 0 = never",
              "default": 0,
              "x-unit": "s"
            },
            "tickets": {
              "type": "integer",
              "minimum": 1,
              "maximum": 64,
              "description": "decisions that may wait for their outcome at a time",
              "default": 8
            },
            "suspicion": {
              "type": "string",
              "enum": [
                "pause",
                "report",
                "off"
              ],
              "description": "when the feedback looks wrong (stuck, contradicting or independent of the decisions): pause learning until it agrees again, only report it, or do not look",
              "default": "pause"
            }
          },
          "required": [
            "rule",
            "limit",
            "side",
            "truth"
          ],
          "additionalProperties": false
        },
        {
          "type": "object",
          "description": "the outcome is a process value that the only continuous output should bring to a set point",
          "properties": {
            "rule": {
              "type": "string",
              "const": "tracking",
              "description": "tracking of a set point"
            },
            "setPoint": {
              "type": "number",
              "minimum": -1000000000,
              "maximum": 1000000000,
              "description": "where the process value should be"
            },
            "gain": {
              "type": "number",
              "minimum": -1000000,
              "maximum": 1000000,
              "description": "output units per outcome unit: the target is the given value + gain * (set point - outcome), within the range of the output. Negative where more of the output lowers the outcome"
            },
            "band": {
              "type": "number",
              "minimum": 0,
              "maximum": 1000000000,
              "description": "half width: within set point plus or minus band the outcome is satisfactory",
              "default": 0
            },
            "scale": {
              "type": "number",
              "minimum": 0.000001,
              "maximum": 1000000,
              "description": "register units per engineering unit: the register holds round(value * scale)",
              "x-default": "the largest power of ten, at most 1000, that leaves room for four times the set point and band"
            },
            "unit": {
              "type": "string",
              "minLength": 0,
              "maxLength": 16,
              "description": "engineering unit of the outcome",
              "default": ""
            },
            "settleSeconds": {
              "type": "number",
              "minimum": 0,
              "maximum": 4294967,
              "description": "minimum time from a decision to its outcome; an earlier outcome is discarded; 0 = none",
              "default": 0,
              "x-unit": "s"
            },
            "expireSeconds": {
              "type": "number",
              "minimum": 0,
              "maximum": 4294967,
              "description": "a decision older than this can no longer be judged; 0 = never",
              "default": 0,
              "x-unit": "s"
            },
            "tickets": {
              "type": "integer",
              "minimum": 1,
              "maximum": 64,
              "description": "decisions that may wait for their outcome at a time",
              "default": 8
            },
            "suspicion": {
              "type": "string",
              "enum": [
                "pause",
                "report",
                "off"
              ],
              "description": "when the feedback looks wrong (stuck, contradicting or independent of the decisions): pause learning until it agrees again, only report it, or do not look",
              "default": "pause"
            }
          },
          "required": [
            "rule",
            "setPoint",
            "gain"
          ],
          "additionalProperties": false
        }
      ],
      "default": {
        "rule": "label"
      }
    },
    "stitching": {
      "type": "object",
      "description": "data stitching: which decisions become training samples",
      "properties": {
        "capacity": {
          "type": "integer",
          "minimum": 2,
          "maximum": 4096,
          "description": "samples that the data set holds",
          "default": 180,
          "x-unit": "sample"
        },
        "satisfactoryShare": {
          "type": "number",
          "minimum": 0,
          "maximum": 1,
          "description": "share (0 to 1) of the satisfactory decisions that become samples too, so that the model does not forget them",
          "default": 1
        },
        "holdOutEvery": {
          "type": "integer",
          "minimum": 0,
          "maximum": 255,
          "description": "every k-th sample of a class is kept out of training, for reports; 0 = none, else 2 or more. With outputs never 0: the held-out error decides which model takes over",
          "x-default": "0; with outputs 5"
        },
        "keepOutcomes": {
          "type": "boolean",
          "description": "keep the outcome and the decision beside each sample, 3 bytes (5 with the rule tracking), so that a new set point or rule can judge it again; otherwise the samples keep their labels. Without effect with the rule label",
          "default": true
        }
      },
      "required": [],
      "additionalProperties": false,
      "default": {}
    },
    "training": {
      "type": "object",
      "description": "train-on-demand: when the board trains a candidate, and when the candidate takes over",
      "properties": {
        "mode": {
          "type": "string",
          "enum": [
            "auto",
            "manual",
            "frozen"
          ],
          "description": "who starts a training: the board itself, only a command, or nobody",
          "default": "auto"
        },
        "minNewSamples": {
          "type": "integer",
          "minimum": 1,
          "maximum": 65535,
          "description": "fewest samples stitched since the last training",
          "default": 10,
          "x-unit": "sample"
        },
        "minSamples": {
          "type": "integer",
          "minimum": 2,
          "maximum": 4096,
          "description": "fewest samples in all, at most the capacity",
          "default": 20,
          "x-unit": "sample"
        },
        "accuracyWindow": {
          "type": "integer",
          "minimum": 1,
          "maximum": 256,
          "description": "judged outcomes over which the accuracy is computed",
          "default": 30
        },
        "accuracyThreshold": {
          "description": "trains when the accuracy over the window is below this (0 to 1), and when half of the data set is new; \"always\" = whenever there are enough samples, 0 = only once",
          "anyOf": [
            {
              "type": "number",
              "minimum": 0,
              "maximum": 1
            },
            {
              "type": "string",
              "const": "always"
            }
          ],
          "default": 0.9
        },
        "cooldownSeconds": {
          "type": "integer",
          "minimum": 0,
          "maximum": 65535,
          "description": "minimum time between two trainings that the board starts itself",
          "default": 0,
          "x-unit": "s"
        },
        "driftTrainings": {
          "type": "integer",
          "minimum": 0,
          "maximum": 65535,
          "description": "drift alarm after so many trainings in a row that did not reach the threshold; 0 = off",
          "default": 0
        },
        "processWrites": {
          "type": "string",
          "enum": [
            "decide-and-outcome",
            "decide",
            "all"
          ],
          "description": "what the process may write while a key is set: ask for decisions, report outcomes too, or everything (lessons, freeze, training)",
          "default": "decide-and-outcome"
        }
      },
      "required": [],
      "additionalProperties": false,
      "default": {}
    },
    "save": {
      "type": "object",
      "description": "non-volatile memory",
      "properties": {
        "intervalSeconds": {
          "type": "integer",
          "minimum": 0,
          "maximum": 65535,
          "description": "minimum time between two saves, against wear; 0 = after promotions only",
          "default": 600,
          "x-unit": "s"
        }
      },
      "required": [],
      "additionalProperties": false,
      "default": {}
    },
    "patternNames": {
      "type": "array",
      "maxItems": 16,
      "items": {
        "type": "string",
        "maxLength": 64,
        "description": "name of a pattern; empty = none"
      },
      "description": "names of the anomaly patterns 1, 2, ... (stream models); kept on the host and in backups, the board never sees them",
      "x-default": "none has a name"
    },
    "regimeNames": {
      "type": "array",
      "maxItems": 16,
      "items": {
        "type": "string",
        "maxLength": 64,
        "description": "name of a regime; empty = none"
      },
      "description": "names of the operating regimes 1, 2, ... (stream models); kept on the host and in backups, the board never sees them",
      "x-default": "none has a name"
    }
  }
} as const;
