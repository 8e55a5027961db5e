#!/bin/bash
# What the contract starts, in the folder of the image: `/bin/bash run.sh` with `model_config` and `query_config` in the environment.
set -euo pipefail
exec node main.mjs
