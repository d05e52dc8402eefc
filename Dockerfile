# Douyin for the other containers of a network: compose.yaml gives it Douyin's names there.
FROM python:3.13-slim
COPY . /src
RUN pip install --no-cache-dir --constraint /src/constraints.txt /src \
 && rm -rf /src \
 && useradd --system mockdouyin \
 && install -d -o mockdouyin /certificates
USER mockdouyin
EXPOSE 80 443 8600 8601
ENTRYPOINT ["mockdouyin"]
CMD ["serve", "--host", "0.0.0.0", "--direct-port", "443", "--direct-port", "80", "--certificates", "/certificates"]
