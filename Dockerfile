# Douyin for the other containers of a network: compose.yaml gives it Douyin's names there.
# Mirrors: --build-arg PYTHON=… for the image, --build-arg PIP_INDEX_URL=… for packages.
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
ARG PIP_INDEX_URL=
COPY . /src
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels /src

FROM ${PYTHON}
ARG PIP_INDEX_URL=
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    --mount=type=bind,source=constraints.txt,target=/constraints.txt \
    pip install --no-cache-dir --constraint /constraints.txt "$(echo /wheels/*.whl)[redis]" \
 && useradd --system mockdouyin \
 && install -d -o mockdouyin /certificates /state
USER mockdouyin
VOLUME ["/state"]
EXPOSE 80 443 8600 8601
# /_mock wants a control token, which the log tells; -e MOCKDOUYIN_CONTROL_TOKEN=… brings one.
HEALTHCHECK --interval=5s CMD ["python", "-c", "from urllib.request import *; urlopen('http://127.0.0.1:8600/_mock/health')"]
ENTRYPOINT ["mockdouyin"]
CMD ["serve", "--host", "0.0.0.0", "--direct-port", "443", "--direct-port", "80", "--certificates", "/certificates", "--state", "/state/mockdouyin.state"]
