# sellerweb in one container: web and worker together, data in the volume /data.
FROM python:3.11-slim

# what WeasyPrint draws PDFs with, and what `sellerweb backup` copies PostgreSQL with
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 postgresql-client \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app

# dependencies first: a change in our own code does not install them again
COPY pyproject.toml README.md LICENSE THIRD_PARTY.md ./
COPY sellerweb/__init__.py sellerweb/
RUN pip install --no-cache-dir -e '.[postgres,heic]'

COPY . .
RUN if [ -d sellerweb/translations ]; then pybabel --quiet compile -d sellerweb/translations; fi

RUN useradd --system --uid 10001 --home-dir /data sellerweb && install -d -o sellerweb -m 700 /data
USER sellerweb
ENV SELLERWEB_DATA_DIR=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=20s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["sh", "-c", "sellerweb migrate && exec sellerweb serve --host 0.0.0.0 --port 8000"]
