# nym-testnet, nym-client and nym-sim in one image:
#   docker build -t nym .
#   docker run --rm -p 18080-18089:18080-18089 nym up --host 0.0.0.0 --announce 127.0.0.1 --port-base 18080 --clients 2
FROM debian:12 AS build
WORKDIR /source
COPY scripts/install-dependencies scripts/install-dependencies
RUN scripts/install-dependencies && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake --preset release -DNYM_BUILD_TESTS=OFF \
    && cmake --build --preset release --target nym-testnet nym-client nym-sim \
    && cmake --install build/release --prefix /installed --strip

FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libfmt9 libsodium23 libsqlite3-0 libssl3 \
       libprometheus-cpp-core1.0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home nym
COPY --from=build /installed/bin/ /usr/local/bin/
USER nym
WORKDIR /home/nym
# So that a volume mounted here belongs to the user.
RUN mkdir /home/nym/state
ENTRYPOINT ["nym-testnet"]
CMD ["up"]
