# The server alone, for a read-only file system and no privileges:
#   docker build -t tamga .
#   docker run --read-only --cap-drop ALL -p 8080:8080 -v ./tamga.toml:/etc/tamga/tamga.toml:ro tamga

FROM rust:1-slim-bookworm AS build
WORKDIR /src
COPY . .
ENV SQLX_OFFLINE=true
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/tamga /tamga

FROM debian:bookworm-slim
# The system's certificates, for gateways with a private authority; nothing else is added.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tamga \
    && mkdir /etc/tamga
COPY --from=build /tamga /usr/local/bin/tamga
USER 10001:10001
WORKDIR /etc/tamga
ENV TAMGA_SERVER__LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["tamga", "doctor", "--ready"]
ENTRYPOINT ["tamga"]
CMD ["serve"]
