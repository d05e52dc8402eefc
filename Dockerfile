# Douyin for the other containers of a network: compose.yaml gives it Douyin's names there.
FROM python:3.13-slim
COPY . /src
RUN pip install --no-cache-dir --constraint /src/constraints.txt /src \
 && rm -rf /src \
 && useradd --system mockdouyin \
 && install -d -o mockdouyin /certificates
USER mockdouyin
EXPOSE 80 443 8600 8601
# /_mock wants a control token, which the log tells; -e MOCKDOUYIN_CONTROL_TOKEN=… brings one.
HEALTHCHECK --interval=5s CMD ["python", "-c", "from urllib.request import *; urlopen('http://127.0.0.1:8600/_mock/health')"]
ENTRYPOINT ["mockdouyin"]
CMD ["serve", "--host", "0.0.0.0", "--direct-port", "443", "--direct-port", "80", "--certificates", "/certificates"]
